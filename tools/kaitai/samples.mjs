// Writes spec/samples/*.bin and spec/expectations/*.json: `node samples.mjs`, or `--check` to compare only.
// Values and bytes come from statements (made.mjs, examples.mjs) through a codec of its own (wire.mjs, messages.mjs), and from
// packets seen on the real system (captures.mjs); the specifications have no part in it.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captures } from './captures.mjs';
import { examples } from './examples.mjs';
import { made } from './made.mjs';
import { messages } from './messages.mjs';
import { encode, hex, json, packets } from './wire.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const types = { request: 1, reply: 2, notification: 3 };

function build({ message, kind, sequence, fields, error }) {
  const { id, [kind]: layout } = messages[message];
  let content;
  if (kind !== 'reply') content = encode(layout, fields);
  else {
    const word = Buffer.alloc(4);
    word.writeUInt32LE(error);
    const detail = Buffer.alloc('detail' in fields ? 4 : 0);
    if (detail.length) detail.writeUInt32LE(fields.detail);
    content = [...word, ...(error ? [...detail, ...(fields.extra ?? [])] : encode(layout ?? [], fields))];
  }

  return { id, packets: packets(types[kind], sequence, id, content).map((bytes) => Buffer.from(bytes)) };
}

// An example's bytes: all of them, or the beginnings of some packets and the end of the last one.
function compare({ name, bytes }, built) {
  const expected = typeof bytes === 'string' ? { count: 1, 0: bytes, end: bytes } : bytes;
  const same = built.length === expected.count
    && Object.entries(expected).every(([key, value]) => key === 'count' || (key === 'end'
      ? built.at(-1).toString('hex').endsWith(hex(value).toString('hex'))
      : built[key].toString('hex').startsWith(hex(value).toString('hex'))))
    && (typeof bytes !== 'string' || built[0].length === hex(bytes).length);
  if (!same) throw new Error(`${name}: the bytes are not those of the values\n${built.map((p) => p.toString('hex')).join('\n')}`);
}

const all = [
  ...made.map((sample) => ({ ...sample, source: 'stated by hand', ...build(sample) })),
  ...examples.map((sample) => {
    const built = build(sample);
    compare(sample, built.packets);
    return { ...sample, source: 'worked example: bytes and values written down apart', ...built };
  }),
  ...captures(join(root, 'tests', 'Protocol.Tests', 'Data')),
  ...stray(),
];

// Messages no layout stands behind, and requests of odd but accepted length.
function stray() {
  const raw = (name, message, id, sequence, payload, fields) =>
    ({ name, source: 'stated by hand', message, kind: 'request', sequence, id, fields, packets: packets(1, sequence, id, payload).map((b) => Buffer.from(b)) });
  const firmware = { auth: 2, flags: 0, parcel: 0, offset: 0, size: 0, config_offset: 0, config_size: 0 };
  return [
    raw('unknown', 'UNKNOWN', 0x56000099, 1, hex('0102030405'), { payload: hex('0102030405') }),
    raw('unknown-empty', 'UNKNOWN', 0xffffffff, 2, hex(''), { payload: hex('') }),
    raw('unknown-longest', 'UNKNOWN', 0x12345678, 3, Buffer.alloc(14384, 0x5a), { payload: Buffer.alloc(14384, 0x5a) }),
    raw('mem-reclaim-longer', 'MEM_RECLAIM', 0x51000015, 4, hex('05000000 01000000 ffffff'), { parcel: 5, flags: 1 }),
    raw('mem-notify-longer', 'MEM_NOTIFY', 0x51000017, 5, hex('05000000 08000000 07000000 01000000 2d000000 ff'), { parcel: 5, flags: 8, tag: 7, vmids: [{ vmid: 45 }] }),
    raw('device-notify-longer', 'DEVICE_NOTIFY', 0x56000064, 6, hex('05000000 01000300 ff'), { device: 5, flags: 1, vmid: 3 }),
    raw('demand-paging-longer', 'VM_SET_DEMAND_PAGING', 0x56000033, 7, hex('80000000 00000000 ff'), { vmid: 0x80, ranges: [] }),
    raw('mem-lend-lists-cut', 'MEM_LEND', 0x51000012, 8, hex('00000000 00000000 02000000 80000700 81000400'),
      { mem_type: 0, flags: 0, label: 0, acl: [{ vmid: 0x80, rights: 7 }, { vmid: 0x81, rights: 4 }], sgl: [], attributes: [] }),
    raw('mem-accept-lists-cut', 'MEM_ACCEPT', 0x51000011, 9, hex('02000000 00018000 00000000 02000000 80000700 81000400'),
      { parcel: 2, mem_type: 0, trans_type: 1, flags: 0x80, label: 0, acl: [{ vmid: 0x80, rights: 7 }, { vmid: 0x81, rights: 4 }], map_vmid: 0, sgl: [], attributes: [] }),
    raw('fw-set-vm-firmware', 'FW_SET_VM_FIRMWARE', 0x51000021, 10, hex('02000000 07000000 0000000000000000 0000200000000000'), { ...firmware, parcel: 7, size: 0x200000 }),
    raw('fw-set-vm-firmware-cut', 'FW_SET_VM_FIRMWARE', 0x51000021, 11, hex('02000000 0908'), { ...firmware, parcel: 0x809 }),
    raw('fw-set-vm-firmware-empty', 'FW_SET_VM_FIRMWARE', 0x51000021, 12, hex(''), { ...firmware, auth: 0 }),
    raw('too-short-vm-start', 'VM_START', 0x56000004, 13, hex('800000'), null),
    raw('too-long-vm-start', 'VM_START', 0x56000004, 14, hex('8000000000'), null),
    raw('init-reserved', 'VM_INIT', 0x5600000b, 15, hex('80000100'), null),
    raw('lookup-padding', 'VM_LOOKUP_NAME', 0x56000013, 16, hex('0100 0000 61000001'), null),
    raw('lookup-80', 'VM_LOOKUP_NAME', 0x56000013, 17, hex('5000 0000' + '61'.repeat(80)), null),
    raw('lend-513-entries', 'MEM_LEND', 0x51000012, 18, hex('0000000000000000 01020000' + '80000700'.repeat(513) + '0000000000000000'), null),
    raw('lend-left-over', 'MEM_LEND', 0x51000012, 19, hex('0000000000000000 000000000000000000000000 00'), null),
  ];
}

const files = new Map();
for (const { name, source, message, kind, sequence, id, packets: parts, error, fields } of all) {
  if (files.has(`samples/${name}.bin`)) throw new Error(`two samples are named ${name}`);
  files.set(`samples/${name}.bin`, Buffer.concat(parts));
  const expectation = {
    source, message, type: kind, sequence, id: `0x${id.toString(16).padStart(8, '0')}`, packets: parts.length, ...(error === undefined ? {} : { error }), fields,
  };
  files.set(`expectations/${name}.json`, Buffer.from(json(expectation) + '\n'));
}

const check = process.argv.includes('--check');
const stale = [];
for (const folder of ['samples', 'expectations']) {
  const path = join(root, 'spec', folder);
  mkdirSync(path, { recursive: true });
  for (const file of readdirSync(path)) {
    if (files.has(`${folder}/${file}`)) continue;
    stale.push(`${folder}/${file}`);
    if (!check) rmSync(join(path, file));
  }
}
for (const [file, bytes] of files) {
  const path = join(root, 'spec', file);
  if (existsSync(path) && readFileSync(path).equals(bytes)) continue;
  stale.push(file);
  if (!check) writeFileSync(path, bytes);
}
if (check && stale.length) {
  for (const file of stale) console.error(`spec/${file} is not current: run "node tools/kaitai/samples.mjs"`);
  process.exit(1);
}
console.log(`${all.length} samples${check ? ' are current' : `, ${stale.length} files written`}`);
