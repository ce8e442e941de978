import { KEYS } from './keys.ts'

const HEAD = `# sqlbraid.toml: every setting with its default. Paths are relative to this file. \${NAME} reads the
# environment variable NAME (also from .env beside this file), and $\${ stands for a plain \${.

# The database. "embedded:" is a private server under .sqlbraid/. Stronger than this line are, in this order:
# --url, SQLBRAID_URL, the url of an environment named by --env or SQLBRAID_ENV, and DATABASE_URL.
url = "embedded:"
`

const TAIL = `
# Environments: \`sqlbraid status --env production\`. Each may set any of the keys above.
#[env.production]
#url = "\${PRODUCTION_URL}"
#lock_wait = "10min"
`

/**
 * The \`sqlbraid.toml\` that \`init\` writes: the embedded database, and every other key as a comment with its default
 * (or an example where it has none), so that taking away \`#\` gives a working setting.
 */
export function exampleConfig(): string {
  const { url: _shownAbove, ...keys } = KEYS
  const settings = Object.entries(keys).map(([name, key]) => {
    const value = 'default' in key ? key.default : key.example
    return `\n# ${key.about}\n${commented(name, value)}\n`
  })
  return [HEAD, ...settings, TAIL].join('')
}

function commented(name: string, value: string | number | Readonly<Record<string, string>>): string {
  if (typeof value !== 'object') return `#${assignment(name, value)}`
  const lines = Object.entries(value).map(([key, entry]) => `#${assignment(key, entry)}`)
  return [`#[${name}]`, ...lines].join('\n')
}

function assignment(name: string, value: string | number): string {
  // A JSON string is a TOML basic string.
  return `${name} = ${JSON.stringify(value)}`
}
