import { relative } from 'node:path'
import * as Args from '@oclif/core/args'
import { initProject } from '../../actions/init-project.ts'
import { BaseCommand } from '../base-command.ts'

export class Init extends BaseCommand {
  static override summary = 'Write a sqlbraid.toml to start from, and make a folder for revisions'
  static override examples = ['<%= config.bin %> init', '<%= config.bin %> init database']
  static override args = { folder: Args.string({ default: '.', ignoreStdin: true, description: 'Where to' }) }

  async run() {
    const { args } = await this.parse(Init)
    const { config, migrations } = initProject(args.folder)
    this.log(`wrote ${relative('', config)}`)
    this.log(`made  ${relative('', migrations)}/`)
    this.log('next: sqlbraid revision -m "create the first tables"')
    return { config, migrations }
  }
}
