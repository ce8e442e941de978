import { execFileSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An authority that signs certificates for tests. */
export interface Authority {
  /** The file of its own certificate. */
  readonly root: string
  /** Signs a certificate for a name, in files of that name. */
  readonly sign: (name: string) => { readonly certificate: string; readonly key: string }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** Makes an authority whose files lie in `folder`, beginning with `prefix`; undefined where OpenSSL is not installed. */
export function certificateAuthority(folder: string, prefix: string): Authority | undefined {
  const file = (name: string) => join(folder, `${prefix}-${name}`)
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'ignore' })
  const [root, rootKey] = [file('root.crt'), file('root.key')]
  try {
    openssl('req', '-x509', ...KEY, '-days', '2', '-subj', `/CN=${prefix}`, '-keyout', rootKey, '-out', root)
  } catch {
    return undefined
  }
  return {
    root,
    sign: name => {
      const [certificate, key, request, extensions] = ['crt', 'key', 'csr', 'ext'].map(end =>
        file(`${name}.${end}`),
      ) as [string, string, string, string]
      writeFileSync(extensions, `subjectAltName=DNS:${name}`)
      openssl('req', ...KEY, '-subj', `/CN=${name}`, '-keyout', key, '-out', request)
      const signing = [
        '-CA',
        root,
        '-CAkey',
        rootKey,
        '-CAcreateserial',
        '-days',
        '2',
        '-extfile',
        extensions,
      ]
      openssl('x509', '-req', '-in', request, ...signing, '-out', certificate)
      chmodSync(key, 0o600)
      return { certificate, key }
    },
  }
}
