// What Node does by itself from 22.1 on (module.enableCompileCache), for older ones: what V8 compiled in one run of a
// command is kept, so that the next run of it compiles nothing. docs/performance.md says what that saves.
const { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs')
const Module = require('node:module')
const { dirname, join, sep } = require('node:path')
const { Script } = require('node:vm')

/**
 * Compiles the files below `folder` with the code that an earlier run of the same command has kept there, and keeps it
 * where there is none. It lies with the files that it was made from, so that whoever may write it may write them, and
 * what replaces them takes it away; a file that was changed in its place is known by its time and size. Where it
 * cannot be written, nothing is kept.
 */
exports.keepCompiledCode = folder => {
  const path = pathOf(folder, process.argv[2] ?? '')
  const kept = readKept(path)
  const compiled = []
  const compile = Module.prototype._compile
  Module.prototype._compile = function (text, file) {
    if (!file.startsWith(folder + sep)) return compile.call(this, text, file)
    const { mtimeMs, size } = statSync(file)
    const key = `${file} ${mtimeMs} ${size}`
    const cachedData = kept.get(key)
    if (!cachedData && importsLater(text)) return compile.call(this, text, file)
    const script = new Script(Module.wrap(text), { filename: file, cachedData })
    compiled.push({ key, script })
    const require = Module.createRequire(file)
    return script.runInThisContext().call(this.exports, this.exports, require, this, file, dirname(file))
  }
  process.on('exit', () => {
    if (compiled.some(({ key, script }) => !kept.has(key) || script.cachedDataRejected)) keep(path, compiled)
  })
}

/** Whether a file imports a package when it needs it, which Node allows only in what it has compiled itself. */
function importsLater(text) {
  return text.includes('import("')
}

/** The length of the index, the index, and the code of each file behind it: read in one go. */
function readKept(path) {
  try {
    const bytes = readFileSync(path)
    const start = 4 + bytes.readUInt32LE(0)
    const index = JSON.parse(bytes.toString('utf8', 4, start))
    return new Map(index.map(([key, from, to]) => [key, bytes.subarray(start + from, start + to)]))
  } catch {
    return new Map()
  }
}

function keep(path, compiled) {
  const codes = []
  const places = []
  let end = 0
  for (const { key, script } of compiled) {
    const code = script.createCachedData()
    codes.push(code)
    places.push([key, end, end + code.length])
    end += code.length
  }
  const index = Buffer.from(JSON.stringify(places))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(index.length)
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.${process.pid}`, Buffer.concat([length, index, ...codes]))
    renameSync(`${path}.${process.pid}`, path)
  } catch {
    // A folder that is not ours to write to.
  }
}

/** One file a command, because each runs other functions; one for all that is no command. */
function pathOf(folder, word) {
  const isCommand = /^[a-z]+$/.test(word) && existsSync(join(folder, 'commands', `${word}.js`))
  return join(folder, 'compiled', `${isCommand ? word : 'none'}-${process.version}-${process.arch}`)
}
