#!/usr/bin/env node
import module from 'node:module'

module.enableCompileCache?.()
const { start } = await import('../dist/cli/chunks/start.js')
await start(new URL('..', import.meta.url))
