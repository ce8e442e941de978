#!/usr/bin/env node
require('node:module').enableCompileCache?.()
require('../dist/cli/chunks/start.js').start(require('node:path').dirname(__dirname))
