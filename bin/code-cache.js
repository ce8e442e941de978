// What Node does by itself from 22.1 on (module.enableCompileCache), for older ones: what V8 compiled in one run of a
// command is kept, so that the next run of it compiles nothing. docs/performance.md says what that saves.
const {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} = require('node:fs')
const Module = require('node:module')
const { dirname, join, sep } = require('node:path')
const { Script } = require('node:vm')

/** The first run of a command may be a call for help or a refusal: what the next one compiles besides is kept as well. */
const RUNS_THAT_ADD = 2

/**
 * Compiles the files below `folder` with the code that an earlier run of the same command has kept there, and keeps it
 * where there is none. It lies with the files that it was made from, so that whoever may write it may write them, and
 * what replaces them takes it away; a file that was changed in its place is known by its time and size. Where it
 * cannot be written, nothing is kept.
 */
exports.keepCompiledCode = folder => {
  const path = pathOf(folder, process.argv[2] ?? '')
  const { kept, runs } = readKept(path)
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
    const isNew = compiled.some(({ key, script }) => !kept.has(key) || script.cachedDataRejected)
    if (isNew || runs < RUNS_THAT_ADD) keep(path, compiled, isNew ? 1 : runs + 1)
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
    const { runs, places } = JSON.parse(bytes.toString('utf8', 4, start))
    return {
      kept: new Map(places.map(([key, from, to]) => [key, bytes.subarray(start + from, start + to)])),
      runs,
    }
  } catch {
    return { kept: new Map(), runs: 0 }
  }
}

/** Opens the file first: where the folder is not ours to write to, what V8 compiled is not written out in vain. */
function keep(path, compiled, runs) {
  const unfinished = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const descriptor = openSync(unfinished, 'w')
    writeFileSync(descriptor, written(compiled, runs))
    closeSync(descriptor)
    renameSync(unfinished, path)
  } catch {
    // Then the next start compiles again.
  }
}

function written(compiled, runs) {
  const codes = []
  const places = []
  let end = 0
  for (const { key, script } of compiled) {
    const code = script.createCachedData()
    codes.push(code)
    places.push([key, end, end + code.length])
    end += code.length
  }
  const index = Buffer.from(JSON.stringify({ runs, places }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(index.length)
  return Buffer.concat([length, index, ...codes])
}

/** One file a command, because each runs other functions; one for all that is no command. */
function pathOf(folder, word) {
  const isCommand = /^[a-z]+$/.test(word) && existsSync(join(folder, 'commands', `${word}.js`))
  return join(folder, 'compiled', `${isCommand ? word : 'none'}-${process.version}-${process.arch}`)
}
