#!/usr/bin/env node
const module_ = require('node:module')
const { dirname, join } = require('node:path')

const root = dirname(__dirname)
if (module_.enableCompileCache) module_.enableCompileCache()
else require('./code-cache.js').keepCompiledCode(join(root, 'dist', 'cli'))
require('../dist/cli/chunks/start.js').start(root)
