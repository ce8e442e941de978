#!/usr/bin/env node
const module_ = require('node:module')
const { dirname, join } = require('node:path')

const root = dirname(__dirname)
const bundle = join(root, 'dist', 'cli')
if (module_.enableCompileCache) module_.enableCompileCache(join(bundle, 'compiled'))
else require('./code-cache.js').keepCompiledCode(bundle)
require('../dist/cli/chunks/start.js').$start.start(root)
