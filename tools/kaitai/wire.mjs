// A small codec of its own for the samples: neither the specifications nor the compiler has a part in it.
// A layout is a list of parts; a part writes from named values and reads into them.

export class Writer {
  bytes = [];
  number(value, size) {
    let rest = BigInt(value);
    if (rest < 0n || rest >= 1n << BigInt(8 * size)) throw new Error(`${value} does not fit ${size} bytes`);
    for (let i = 0; i < size; i++, rest >>= 8n) this.bytes.push(Number(rest & 0xffn));
  }
  raw(bytes) { this.bytes.push(...bytes); }
  zeros(count) { for (let i = 0; i < count; i++) this.bytes.push(0); }
}

export class Reader {
  at = 0;
  constructor(bytes) { this.bytes = bytes; }
  get left() { return this.bytes.length - this.at; }
  raw(count) {
    if (count > this.left) throw new Malformed(`${count} bytes wanted, ${this.left} left`);
    this.at += count;
    return Buffer.from(this.bytes.slice(this.at - count, this.at));
  }
  number(size) {
    const value = this.raw(size).reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
    return size < 8 ? Number(value) : value;
  }
  zeros(count) { if (this.raw(count).some((byte) => byte)) throw new Malformed('padding is not zero'); }
}

/** Bytes that the layout does not allow. */
export class Malformed extends Error {}

// Byte runs are Buffers and lists are arrays, so that an empty one of either is told from the other.
export const text = (string) => Buffer.from(string, 'utf8');
export const hex = (string) => Buffer.from(string.replaceAll(/\s/g, ''), 'hex');
const pad = (length) => (4 - (length % 4)) % 4;

// Parts. `n` is the name of the value.
export const number = (n, size) => ({ put: (w, v) => w.number(v[n], size), get: (r, v) => { v[n] = r.number(size); } });
export const skipped = (size) => ({ put: (w) => w.zeros(size), get: (r) => { r.raw(size); } });
export const zero = (size) => ({ put: (w) => w.zeros(size), get: (r) => r.zeros(size) });
export const fixedBytes = (n, size) => ({ put: (w, v) => { if (v[n].length !== size) throw new Error(n); w.raw(v[n]); }, get: (r, v) => { v[n] = r.raw(size); } });
const entries = (n, layout, count) => (r, v) => { v[n] = Array.from({ length: count }, () => decodeFrom(layout, r)); };
const putAll = (w, list, layout) => list.forEach((entry) => encodeTo(layout, w, entry));
/** A count, `reserved` bytes, entries. */
export const list = (n, countSize, reserved, layout, limit = 512) => ({
  put: (w, v) => { w.number(v[n].length, countSize); w.zeros(reserved); putAll(w, v[n], layout); },
  get: (r, v) => {
    const count = r.number(countSize);
    r.raw(reserved);
    if (count > limit) throw new Malformed(`${count} entries`);
    if (count > r.left) throw new Malformed('entries do not fit');
    entries(n, layout, count)(r, v);
  },
});
/** A list that may be missing at the end of a payload. */
export const tailList = (n, layout) => {
  const whole = list(n, 2, 2, layout);
  return { put: whole.put, get: (r, v) => { if (r.left) whole.get(r, v); else v[n] = []; } };
};
/** u16 length, u16 reserved, bytes, zeros to four. */
export const paddedText = (n, most = 65535) => ({
  put: (w, v) => { w.number(v[n].length, 2); w.zeros(2); w.raw(v[n]); w.zeros(pad(v[n].length)); },
  get: (r, v) => {
    const length = r.number(2);
    if (length > most) throw new Malformed(`text of ${length}`);
    r.raw(2);
    v[n] = r.raw(length);
    r.zeros(pad(length));
  },
});
/** u16 length, bytes. */
export const plainText = (n, lengthSize = 2) => ({
  put: (w, v) => { w.number(v[n].length, lengthSize); w.raw(v[n]); },
  get: (r, v) => { v[n] = r.raw(r.number(lengthSize)); },
});
export const rest = (n) => ({ put: (w, v) => w.raw(v[n]), get: (r, v) => { v[n] = r.raw(r.left); } });
/** Bytes that nobody looks at. */
export const tolerated = { put: () => {}, get: (r) => { r.raw(r.left); } };
/** Parts that are there only when `condition` says so; `otherwise` are their values when they are not. */
export const when = (condition, layout, otherwise = {}) => ({
  put: (w, v) => { if (condition(v)) layout.forEach((part) => part.put(w, v)); },
  get: (r, v) => { if (condition(v, r)) layout.forEach((part) => part.get(r, v)); else Object.assign(v, structuredClone(otherwise)); },
});
export const atLeast = (size) => ({ put: () => {}, get: (r) => { if (r.bytes.length < size) throw new Malformed('too short'); } });

/** 'vmid:2 _:2 size:8' as parts; a name of _ is bytes that are sent as zero and not looked at, of 0 bytes that must be zero. */
export const simple = (words) => words.split(' ').filter(Boolean).map((word) => {
  const [n, size] = word.split(':');
  return n === '_' ? skipped(+size) : n === '0' ? zero(+size) : number(n, +size);
});

function encodeTo(layout, w, values) { for (const part of layout) part.put(w, values); }
function decodeFrom(layout, r) {
  const values = {};
  for (const part of layout) part.get(r, values);
  return values;
}
export function encode(layout, values) {
  const w = new Writer();
  encodeTo(layout, w, values);
  return w.bytes;
}
/** The values, or Malformed. */
export function decode(layout, bytes) {
  const r = new Reader(bytes);
  const values = decodeFrom(layout, r);
  if (r.left) throw new Malformed(`${r.left} bytes left over`);
  return values;
}

export const PACKET = 240;
export const HEADER = 8;
/** A message as packets, each full but the last. */
export function packets(type, sequence, id, content) {
  const room = PACKET - HEADER;
  const count = Math.max(1, Math.ceil(content.length / room));
  return Array.from({ length: count }, (_, i) => {
    const w = new Writer();
    w.number(0x21, 1);
    w.number(((count - 1) << 2) | (i ? 0 : type), 1);
    w.number(sequence, 2);
    w.number(id, 4);
    w.raw(content.slice(i * room, (i + 1) * room));
    return w.bytes;
  });
}

/** JSON with exact integers and byte arrays as hex. */
export function json(value, indent = '') {
  const inner = indent + '  ';
  if (value === null) return 'null';
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (Buffer.isBuffer(value)) return JSON.stringify(value.toString('hex'));
  if (Array.isArray(value)) {
    return value.length ? `[\n${value.map((item) => inner + flat(item)).join(',\n')}\n${indent}]` : '[]';
  }
  const members = Object.entries(value);
  return members.length ? `{\n${members.map(([k, v]) => `${inner}${JSON.stringify(k)}: ${json(v, inner)}`).join(',\n')}\n${indent}}` : '{}';
}
const flat = (value) => `{ ${Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${json(v)}`).join(', ')} }`;
