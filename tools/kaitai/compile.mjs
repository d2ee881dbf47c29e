// Compiles every spec/*.ksy to spec/generated/*.cs.
//   node compile.mjs            writes what changed and deletes what no specification makes any more
//   node compile.mjs --check    writes nothing; exits 1 and names each file that is not current
// Needs `npm ci` in this folder once. The output depends on the specifications and the pinned compiler only.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const spec = join(here, '..', '..', 'spec');
const generated = join(spec, 'generated');
const namespace = 'RmStack.Spec';

const options = process.argv.slice(2);
const check = options.includes('--check');
if (options.some((option) => option !== '--check')) {
  console.error('usage: node compile.mjs [--check]');
  process.exit(2);
}

let compiler, yaml;
try {
  compiler = (await import('kaitai-struct-compiler')).default;
  yaml = await import('js-yaml');
} catch (error) {
  console.error(`compile.mjs: ${error.message}\nrun "npm ci" in tools/kaitai first`);
  process.exit(2);
}

const load = (name) => yaml.load(readFileSync(join(spec, name + '.ksy'), 'utf8'));
const importer = { importYaml: async (name) => load(name) };

const names = readdirSync(spec).filter((file) => file.endsWith('.ksy')).map((file) => file.slice(0, -4)).sort();
const files = new Map();
let bad = 0;
for (const name of names) {
  const document = load(name);
  if (document.meta.id !== name) {
    console.error(`spec/${name}.ksy: meta/id is ${document.meta.id}`);
    bad++;
    continue;
  }
  try {
    // An imported specification comes out again with each of its importers: the same text every time.
    const made = await compiler.compile('csharp', document, importer, false);
    for (const [file, text] of Object.entries(made)) files.set(file, withNamespace(text));
  } catch (error) {
    console.error(`spec/${name}.ksy: ${error.message ?? error}`);
    bad++;
  }
}
if (bad) process.exit(1);

mkdirSync(generated, { recursive: true });
const stale = [];
for (const [file, text] of files) {
  const path = join(generated, file);
  if (existsSync(path) && readFileSync(path, 'utf8').replaceAll('\r\n', '\n') === text) continue;
  stale.push(file);
  if (!check) writeFileSync(path, text);
}
for (const file of readdirSync(generated)) {
  if (!file.endsWith('.cs') || files.has(file)) continue;
  stale.push(file);
  if (!check) rmSync(join(generated, file));
}

if (check && stale.length) {
  for (const file of stale) console.error(`spec/generated/${file} is not current: run "node tools/kaitai/compile.mjs"`);
  process.exit(1);
}
console.log(check ? `${files.size} generated files are current` : `${stale.length} of ${files.size} generated files written`);

// The JavaScript build of the compiler has no option for the C# namespace: it always writes the runtime's.
function withNamespace(text) {
  const own = text.replaceAll('\r\n', '\n').replace(/\n+namespace Kaitai\n/, `\nusing Kaitai;\n\nnamespace ${namespace}\n`);
  if (own === text) throw new Error('the compiler wrote no namespace');
  return own.replace(/\n*$/, '\n');
}
