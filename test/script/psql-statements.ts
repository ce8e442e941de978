import fc from 'fast-check'

/** Files that generated scripts include, by name; scripts lie in a folder beside `parts`. */
export const INCLUDED_FILES = {
  'parts/plain.sql': "insert into seen (row) select to_json(:'a'::text);\n",
  'parts/open.sql': "insert into seen (row) select to_json(:'b'::text) -- and a comment at the end",
  'parts/sets.sql': "\\set b 'set in a file'\n\\set c 3\n",
  'parts/nested.sql':
    "\\echo @ nested\n\\ir plain.sql\n\\ir deep/er/deepest.sql\n\\i parts/sets.sql\ninsert into seen (row) select to_json(:'b'::text);\n",
  'parts/deep/er/deepest.sql': '\\ir ../../plain.sql\n\\if :{?a}\n\\ir ../../sets.sql\n\\endif\n',
  'parts/branch.sql':
    "\\if :{?a}\nselect 'a is set';\n\\else\nselect 'a is not set' \\; select 2;\n\\endif\n",
  'parts/fails.sql': "select 'all is well';\n\nselect :'a',\n  nothing;\n",
  'parts/strings.sql': "set standard_conforming_strings = off;\nselect 'it\\'s; \\\\', ':a';\n",
} as const

/** What generated scripts set. */
export const VARIABLES = ['a', 'b', 'c', 'é', 'd', '2', 'dir', 'statement', 'quote'] as const

/** A value with a newline, as \set takes it and as it stands in quotes when it is substituted. */
export const NEWLINE = { argument: "'x\\n\\ty'", value: 'x\n\ty' } as const

export const name = fc.constantFrom('a', 'b', 'c', 'é')

/** Every way to write a truth. */
export const condition = fc.oneof(
  fc.constantFrom('t', 'tr', 'tru', 'true', 'TRUE', 'y', 'ye', 'yes', 'YES', 'on', 'On', '1'),
  fc.constantFrom('f', 'fa', 'fal', 'fals', 'false', 'FALSE', 'n', 'no', 'No', 'of', 'off', 'OFF', '0'),
  fc.constantFrom(':{?a}', ':{?n}', "'tr'ue", "f'als'e"),
)

const columns = fc.oneof(
  { weight: 4, arbitrary: name.map(variable => `:'${variable}'::text`) },
  { weight: 2, arbitrary: name.map(variable => `:{?${variable}}`) },
  { weight: 1, arbitrary: name.map(variable => `1 as :"${variable}"`) },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      "':a'",
      "E'\\':a\\\\'",
      "E'\\x41\\u00e9'",
      '$$:a$$',
      "$t$:'a' $$ \\x $t$",
      '$é$ $t$; $é$',
      '/* :a /* nested \\set */ ; */ 1',
      "'1'::int",
      "'{1,2}'::int[]",
      '(array[1,2,3])[1:2]',
      '(array[1,2])[1 : 2]',
      '(array[1,2,3])[:d:2]',
      'make_interval(days:=2)',
      'make_interval(days := :d)',
      "'a' -- :a ' \\set\n",
      "'a'\n':b'",
      "U&'\\0041' ",
      "B'01'",
      "N':a'",
      '1.5e0',
      "'😀'",
      '2 -:d',
      '(select 1)::text',
      'exists (select 1 where 1<:d)',
      '"d" from (select 1 as "d") as ":a"',
    ),
  },
)

/** Keeps what it selects, with the text that the server was sent. */
const query = fc
  .tuple(fc.array(columns, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '\n', ' '))
  .map(
    ([shown, space]) =>
      `insert into seen (row) select to_json(q) from (select ${shown.join(', ')}) q${space};`,
  )

/** Statements of one shape each. `d` is a value that is written into the SQL as it is. */
const special = fc.constantFrom(
  'select :d;',
  'select :d::text;',
  'select 1 :d, :n;',
  ':statement',
  'create table if not exists t1 (id int, :"a" text);',
  'drop table if exists nowhere, :"a";',
  "create function f() returns text language sql begin atomic select case when true then ':a' end; select :'a'; end;",
  'create or replace function g(n int) returns int language sql as $g$ select n; select :d; $g$;',
  "do $$ begin raise notice ':a; %', 1 using detail = 'd', hint = 'h'; end $$;",
  "do language plpgsql $body$ begin perform ':a'; raise warning 'w'; end $body$;",
  'create table ruled (n int);\ncreate rule r as on insert to ruled do also (select 1; select 2);',
  "select 'x' \\; select 'y';",
  'select 1 as c \\: \\:;',
  'select 1 \\: \\: text;',
)

/** What the server refuses, each in a way of its own. */
const failing = fc.constantFrom(
  'select 1,\n  nothing;',
  "select\n:'a',\n  1 / 0;",
  'selec 1;',
  'select 1 from :"b"\n where true;',
  "select 'x'::int;",
  "do $$ begin\n raise exception 'no: %', 1 using detail = 'de\ntail', hint = 'hint', errcode = 'AB123'; end $$;",
  'create table pk (n int primary key);\ninsert into pk values (1),\n (1);',
  'create table late (n int unique deferrable initially deferred);\ninsert into late values (1), (1);',
  'create function broken() returns int language plpgsql as $$\nbegin\n  return 1 +;\nend $$;',
  'create function calls() returns int language plpgsql as $$ begin return nothing; end $$;\nselect calls();',
)

const copy = fc.constantFrom(
  'create table refused (n int, x text);\ncopy refused from stdin;\n1\ta\n:d\tb\n2\tc\n\\.',
  "create table short (n int, x text);\n\ncopy short (n,\n  x) from stdin with (delimiter ',');\n1,a\n2\n\\.",
  "create table t2 (x text);\ncopy t2 from stdin;\n:a\n\\N\nit's $$ \\\\set\n\\.\ninsert into seen (row) select to_json(x) from t2;",
  "create table t3 (x text, y text);\nCOPY t3 (x, y) FROM STDIN (delimiter ','); -- :a\n\"a;,:d\n\\.\ninsert into seen (row) select to_json(t3) from t3;",
  'create table t4 (x text);\ncopy t4 from stdin;\n\\.\nselect 4;',
)

const strings = fc.constantFrom(
  "set standard_conforming_strings = off;\nselect 'it\\'s :a;', ' \\\\';\nset standard_conforming_strings to 'on';\nselect 'back\\';",
  "set escape_string_warning = off;\nset session standard_conforming_strings to no;\nselect :'a', '\\\\';\nreset standard_conforming_strings;\nselect '\\';",
  "\\i parts/strings.sql\nselect 'it\\'s';\nreset all;",
)

/** A statement, or a few that belong together. */
export const statement = fc.oneof(
  { weight: 6, arbitrary: query },
  { weight: 4, arbitrary: special },
  { weight: 1, arbitrary: failing },
)

/** What psql reads otherwise in a branch that is not taken: the data of COPY are statements there, and nothing is set. */
export const outsideBranches = fc.oneof(
  { weight: 3, arbitrary: copy },
  { weight: 2, arbitrary: strings },
  { weight: 1, arbitrary: fc.constant(":quote ; :a';") },
)

export const include = fc.constantFrom(
  '\\i parts/plain.sql',
  '\\ir ../parts/nested.sql',
  "\\ir '../parts/open.sql'",
  '\\include parts/sets.sql;',
  '\\include_relative ../parts/branch.sql',
  "select 'around',\n\\i parts/plain.sql\n1;",
  "\\set dir parts \\\\ select 'same line';\n\\i :dir/plain.sql",
  '\\i parts/fails.sql',
)

export const echo = fc
  .constantFrom('', '-n ', "'-n' ")
  .map(option => `\\echo ${option}@  x ';'y :{?a}\n\\echo`)
