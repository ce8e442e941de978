import fc from 'fast-check'

/** Files that generated scripts include, by name; `\ir` is used beside them, `\i` from the folder above. */
export const INCLUDED_FILES = {
  'parts/plain.sql': "select 'plain', :'a';\n",
  'parts/open.sql': "select 'no semicolon', :'b' -- and a comment at the end",
  'parts/sets.sql': "\\set b 'set in a file'\n\\set c 3\n",
  'parts/nested.sql': "select 'before';\n\\ir plain.sql\n\\i parts/sets.sql\nselect 'after', :'b';\n",
  'parts/branch.sql':
    "\\if :{?a}\nselect 'a is set';\n\\else\nselect 'a is not set' \\; select 2;\n\\endif\n",
} as const

/** What generated scripts set. */
export const VARIABLES = ['a', 'b', 'c', 'é', 'd', 'dir', 'statement', 'quote'] as const

const name = fc.constantFrom('a', 'b', 'c', 'é')
/** Values that are written into the SQL as they are: `:d`. */
const plainValue = fc.constantFrom(
  '1',
  "'1 + 1'",
  "'2; select 3'",
  "':d'",
  ':d',
  '\':"d"\'',
  "'nobody'",
  "':statement'",
)

const unsafeValue = fc.constantFrom(
  "it's",
  'back\\slash',
  '$$',
  '"q"',
  ';',
  'two\nlines',
  '😀é',
  "''",
  '',
  ' ',
)

/** How a value is written as an argument of \set; what is between single quotes is escaped one way or another. */
const argument = fc.oneof(
  fc.constantFrom(
    'x',
    '1',
    'a;',
    'x;;',
    "'x'';'",
    "'\\'\\n\\t\\\\'",
    "'\\101\\x42\\8\\q'",
    "'\\303\\251'",
    '"a b"',
    '::',
    ':',
  ),
  fc.constantFrom("a'b c'd", "''", "' :a :b '"),
  name.map(variable => `:${variable}`),
  name.map(variable => `:'${variable}'`),
  name.map(variable => `:"${variable}"`),
  name.map(variable => `:{?${variable}}`),
  unsafeValue
    .filter(value => !value.includes('\n'))
    .map(value => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`),
)

const set = fc
  .tuple(name, fc.array(argument, { maxLength: 3 }), fc.constantFrom(' ', '  ', '\t'))
  .map(([variable, values, space]) => `\\set${space}${[variable, ...values].join(space)}`)

const setPlain = plainValue.map(value => `\\set d ${value}`)

const shown = fc.oneof(
  { weight: 4, arbitrary: name.map(variable => `to_json(:'${variable}'::text)::text`) },
  { weight: 2, arbitrary: name.map(variable => `:{?${variable}}`) },
  { weight: 1, arbitrary: name.map(variable => `1 as :"${variable}"`) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "':a'",
      "E'\\':a'",
      '$$:a$$',
      "$t$:'a' $$ \\x $t$",
      '/* :a \\set */ 1',
      "'1'::int",
      '(array[1,2,3])[1:2]',
      '(array[1,2])[1 : 2]',
      "'a' -- :a ' \\set\n",
      "'a'\n':b'",
      "U&'\\0041'",
      '1.5e0',
      "'😀'",
    ),
  },
)

const query = fc
  .tuple(fc.array(shown, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '\n', ' '))
  .map(([columns, space]) => `select ${columns.join(', ')}${space};`)

const statement = fc.oneof(
  { weight: 6, arbitrary: query },
  {
    weight: 1,
    arbitrary: fc.constantFrom('select :d;', 'select :d::text;', 'select 1 :d, :n;', ':statement'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'create table t1 (id int, :"a" text);',
      "create function f() returns text language sql begin atomic select ':a'; end;",
      "do $$ begin perform ':a'; end $$;",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "select 'x' \\; select 'y';",
      'select 1 as c \\: \\:;',
      'select 1 \\: \\: text;',
    ),
  },
)

const include = fc.constantFrom(
  '\\i parts/plain.sql',
  '\\ir parts/nested.sql',
  "\\ir 'parts/open.sql'",
  '\\include parts/sets.sql;',
  '\\include_relative parts/branch.sql',
  "select 'around',\n\\i parts/plain.sql\n1;",
  "\\set dir parts \\\\ select 'same line';\n\\i :dir/plain.sql",
)

const echo = fc.constantFrom('', '-n ', "'-n' ").map(option => `\\echo ${option}@  x ';'y :{?a}\n\\echo`)

const condition = fc.constantFrom('true', 'f', 'YES', 'of', 'on', '0', '1', ':{?a}', ':{?n}', "'tr'ue")

const { lines } = fc.letrec<{ lines: string }>(tie => ({
  lines: fc
    .array(
      fc.oneof(
        { maxDepth: 2 },
        { weight: 5, arbitrary: statement },
        { weight: 4, arbitrary: fc.oneof(set, setPlain) },
        { weight: 2, arbitrary: include },
        { weight: 1, arbitrary: name.map(variable => `\\unset ${variable}`) },
        { weight: 1, arbitrary: echo },
        {
          weight: 2,
          arbitrary: fc
            .tuple(condition, tie('lines'), condition, tie('lines'), tie('lines'))
            .map(
              ([first, then, second, otherwise, last]) =>
                `\\if ${first}\n${then}\n\\elif ${second}\n${otherwise}\n\\else\n${last}\n\\endif`,
            ),
        },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            "select 'x'\n\\if false\n, :a ( \\set b no\n\\connect nowhere\n\\i nothing.sql\n\\else\n, 'y'\n\\endif\n;",
          ),
        },
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map(parts => parts.join('\n')),
}))

/** As psql itself reads what is in a branch that is not taken, data of COPY cannot stand there, nor quotes be made there. */
const outsideBranches = fc.constantFrom(
  "create table t2 (x text);\ncopy t2 from stdin;\n:a\n\\N\nit's $$ \\\\set\n\\.\nselect to_json(x)::text from t2;",
  ":quote ; :a';",
)

/** A script in psql's language. It may be wrong as SQL, but psql has nothing to say against it. */
export const psqlScript: fc.Arbitrary<string> = fc
  .tuple(fc.array(set, { maxLength: 2 }), lines, fc.option(outsideBranches, { nil: '' }), lines)
  .map(
    ([sets, ...texts]) =>
      `\\set statement 'select 41; select ''\\\\n'';'\n\\set quote 'select ''o'\n${[...sets, ...texts].join('\n')}\n`,
  )
