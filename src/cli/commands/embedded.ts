import { keepEmbeddedServer } from '../../actions/keep-embedded-server.ts'
import { BaseCommand } from '../base-command.ts'
import { renderKeptServer } from '../render/embedded.ts'

export class Embedded extends BaseCommand {
  static override summary = 'Keep the embedded server up until Ctrl-C, and print its URL for psql'
  static override description =
    'Its data lie under .sqlbraid/, beside sqlbraid.toml. Other commands may use it meanwhile.'
  static override examples = ['<%= config.bin %> embedded', '<%= config.bin %> embedded --json']

  async run() {
    const { flags } = await this.parse(Embedded)
    const stopping = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
    await keepEmbeddedServer(this.readSettings(flags), {
      signal: stopping.signal,
      onUp: server => {
        this.log(renderKeptServer(server, this.style.out))
        if (this.jsonEnabled()) this.logJson(server)
      },
    })
  }
}
