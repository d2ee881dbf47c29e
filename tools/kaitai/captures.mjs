// Whole messages out of the packets that were seen on the real system (tests/Protocol.Tests/Data).
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { HEADER, Malformed, PACKET, decode, hex } from './wire.mjs';
import { describe } from './messages.mjs';
import { slug } from './made.mjs';

const kinds = [null, 'request', 'reply', 'notification'];

export function captures(folder) {
  const found = [];
  for (const file of readdirSync(folder).filter((f) => f.endsWith('.txt')).sort()) {
    const stem = basename(file, '.txt');
    const answers = new Map();
    const whole = [];
    for (const message of messagesOf(readFileSync(join(folder, file), 'utf8'))) {
      whole.push(message);
      if (message.kind === 'reply' && message.direction.startsWith('R')) {
        const key = `${message.direction[2]} ${message.sequence} ${message.id}`;
        if (!answers.has(key)) answers.set(key, []);
        answers.get(key).push(message.content.readUInt32LE(0));
      }
    }

    whole.forEach((message, index) => {
      const { name, ...layout } = describe(message.id);
      // The Resource Manager ignores replies; and a sample's packets are full but the last, which some of these are not.
      if (message.kind === 'reply' && message.direction.endsWith('R')) return;
      if (!message.regular) return;
      const error = message.kind === 'reply' ? message.content.readUInt32LE(0) : undefined;
      const payload = error === undefined ? message.content : message.content.subarray(4);
      let fields;
      try {
        fields = error ? errorFields(name, payload) : decode(layout[message.kind] ?? [], payload);
      } catch (refused) {
        if (!(refused instanceof Malformed)) throw refused;
        fields = null;
      }

      if (message.kind === 'request') {
        const answer = (answers.get(`${message.direction[0]} ${message.sequence} ${message.id}`) ?? []).shift();
        agree(`${file} ${index} ${name}`, fields, payload, answer);
      }

      found.push({
        name: `real-${stem}-${String(index + 1).padStart(3, '0')}-${slug(name)}${message.kind === 'reply' ? '-reply' : ''}`,
        source: `observed on the public build of 12/2023: ${stem}, message ${index + 1}`,
        message: name, kind: message.kind, sequence: message.sequence, id: message.id, packets: message.packets, fields, error,
      });
    });
  }

  const seen = new Set();
  return found.filter(({ packets, id, kind }) => {
    const key = `${id} ${kind} ${packets.map((p) => p.subarray(HEADER).toString('hex')).join()}`;
    return !seen.has(key) && seen.add(key);
  });
}

const errorFields = (name, payload) => {
  if (!payload.length) return {};
  return payload.length === 4 && (name === 'VM_SET_TIME_BASE' || name === 'VM_SET_FIRMWARE_MEM') ? { detail: payload.readUInt32LE(0) } : { extra: payload };
};

// What the layout refuses is what was answered with "message invalid" (4); "argument invalid" (6) is also the answer to a lookup of
// nothing, and an id that is not implemented, or a caller who may not ask, is answered before the payload is looked at.
function agree(where, fields, payload, answer) {
  if (answer === undefined || answer === 0xffffffff || answer === 3) return;
  const malformed = answer === 4 || (answer === 6 && !payload.length);
  if (malformed !== (fields === null)) throw new Error(`${where}: answered ${answer}, layout ${fields ? 'accepts' : 'refuses'}`);
}

function* messagesOf(lines) {
  const partial = new Map();
  for (const line of lines.split('\n')) {
    const match = /^([HGR]>[HGR]) ([0-9a-f]+|-)$/.exec(line);
    if (!match || match[2] === '-') continue;
    const [, direction, bytes] = match;
    const packet = hex(bytes);
    if (packet.length < HEADER || packet[0] !== 0x21 || packet[1] >> 2 === 63) continue;
    const kind = kinds[packet[1] & 3];
    const header = { fragments: packet[1] >> 2, sequence: packet.readUInt16LE(2), id: packet.readUInt32LE(4) };
    let message = partial.get(direction);
    if (kind) message = { direction, kind, ...header, packets: [] };
    else if (!message || Object.keys(header).some((key) => header[key] !== message[key])) continue;
    message.packets.push(packet);
    partial.set(direction, message);
    if (message.packets.length <= message.fragments) continue;
    partial.delete(direction);
    message.content = Buffer.concat(message.packets.map((p) => p.subarray(HEADER)));
    message.regular = message.packets.slice(0, -1).every((p) => p.length === PACKET);
    if (message.kind === 'reply' && message.content.length < 4) continue;
    yield message;
  }
}
