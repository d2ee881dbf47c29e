// Worked examples: one life of VM 0x80 on the primary VM's link, and others; the bytes were written down apart from any encoder.
import { hex, text } from './wire.mjs';

const HLOS = 3, VM = 0x80, TVM = 45;
const examples = [];
const add = (name, message, kind, sequence, bytes, fields, error) => examples.push({ name: `example-${name}`, message, kind, sequence, bytes, fields, error });
const request = (name, message, sequence, bytes, fields) => add(name, message, 'request', sequence, bytes, fields);
const reply = (name, message, sequence, bytes, fields = {}, error = 0) => add(name, message, 'reply', sequence, bytes, fields, error);
const notification = (name, message, sequence, bytes, fields) => add(name, message, 'notification', sequence, bytes, fields);
const status = (sequence, state, bytes) =>
  notification(`status-${sequence}`, 'VM_STATUS', sequence, bytes, { vmid: VM, vm_state: state, os_state: 0, app_status: 0 });
const range = (count, entry) => Array.from({ length: count }, (_, i) => entry(i));

request('allocate', 'VM_ALLOCATE', 0, '21 01 00 00 01 00 00 56 00 00 00 00', { vmid: 0 });
reply('allocated', 'VM_ALLOCATE', 0, '21 02 00 00 01 00 00 56 00 00 00 00 80 00 00 00', { vmid: VM });
request('allocate-45', 'VM_ALLOCATE', 1, '21 01 01 00 01 00 00 56 2d 00 00 00', { vmid: TVM });
reply('allocated-45', 'VM_ALLOCATE', 1, '21 02 01 00 01 00 00 56 00 00 00 00');
reply('not-allocated-45', 'VM_ALLOCATE', 1, '21 02 01 00 01 00 00 56 02 00 00 00', {}, 2);
request('lend', 'MEM_LEND', 2, `21 01 02 00 12 00 00 51 00 00 00 00 00 00 00 00 01 00 00 00 80 00 07 00 01 00 00 00 00 00 00 80
  00 00 00 00 00 00 20 00 00 00 00 00 00 00 00 00`,
{ mem_type: 0, flags: 0, label: 0, acl: [{ vmid: VM, rights: 7 }], sgl: [{ address: 0x80000000n, size: 0x200000n }], attributes: [] });
reply('lent', 'MEM_LEND', 2, '21 02 02 00 12 00 00 51 00 00 00 00 00 00 00 00', { parcel: 0 });

// 600 ranges of one page, two pages apart: 512 in the first request, the others appended. Only some packets are written out.
const page = (i) => ({ address: 0x90000000n + BigInt(i) * 0x2000n, size: 0x1000n });
request('lend-600-pages', 'MEM_LEND', 3, {
  count: 36,
  0: `21 8d 03 00 12 00 00 51 00 00 02 00 99 00 00 00 01 00 00 00 80 00 07 00 00 02 00 00 00 00 00 90 00 00 00 00 00 10 00 00
    00 00 00 00 00 20 00 90`,
  1: '21 8c 03 00 12 00 00 51 00 00 00 00 00 10 00 00 00 00 00 00 00 c0 01 90 00 00 00 00 00 10 00 00',
  35: '21 8c 03 00 12 00 00 51 00 00 00 00 00 10 00 00 00 00 00 00 00 60 3f 90 00 00 00 00 00 10 00 00',
  end: '00 e0 3f 90 00 00 00 00 00 10 00 00 00 00 00 00 00 00 00 00',
}, { mem_type: 0, flags: 2, label: 0x99, acl: [{ vmid: VM, rights: 7 }], sgl: range(512, page), attributes: [] });
reply('lent-600-pages', 'MEM_LEND', 3, '21 02 03 00 12 00 00 51 00 00 00 00 01 00 00 00', { parcel: 1 });
request('append', 'MEM_APPEND', 4, {
  count: 7,
  0: `21 19 04 00 18 00 00 51 01 00 00 00 01 00 00 00 58 00 00 00 00 00 40 90 00 00 00 00 00 10 00 00 00 00 00 00 00 20 40 90
    00 00 00 00 00 10 00 00`,
  1: '21 18 04 00 18 00 00 51 00 00 00 00 00 c0 41 90 00 00 00 00 00 10 00 00',
  6: '21 18 04 00 18 00 00 51 00 00 00 00 00 10 00 00 00 00 00 00 00 e0 4a 90 00 00 00 00 00 10 00 00 00 00 00 00',
  end: '',
}, { parcel: 1, flags: 1, sgl: range(88, (i) => page(512 + i)) });
reply('appended', 'MEM_APPEND', 4, '21 02 04 00 18 00 00 51 00 00 00 00');

request('config-image', 'VM_CONFIG_IMAGE', 5, `21 01 05 00 09 00 00 56 80 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
  00 00 1f 00 00 00 00 00 00 00 01 00 00 00 00 00`,
{ vmid: VM, auth: 0, parcel: 0, image_offset: 0n, image_size: 0n, dtb_offset: 0x1f0000n, dtb_size: 0x10000n });
status(0, 1, '21 03 00 00 08 00 10 56 80 00 00 00 01 00 00 00');
reply('configured', 'VM_CONFIG_IMAGE', 5, '21 02 05 00 09 00 00 56 00 00 00 00');
request('demand-paging', 'VM_SET_DEMAND_PAGING', 6, '21 01 06 00 33 00 00 56 80 00 00 00 01 00 00 00 00 00 00 80 00 00 00 00 00 00 20 00 00 00 00 00',
  { vmid: VM, ranges: [{ address: 0x80000000n, size: 0x200000n }] });
request('address-layout', 'VM_SET_ADDRESS_LAYOUT', 7, '21 01 07 00 34 00 00 56 80 00 00 00 00 00 00 00 00 00 00 80 00 00 00 00 00 00 20 00 00 00 00 00',
  { vmid: VM, range: 0, base: 0x80000000n, size: 0x200000n });
request('boot-context', 'VM_SET_BOOT_CONTEXT', 8, '21 01 08 00 31 00 00 56 80 00 01 00 00 00 00 00 00 00 08 80 00 00 00 00',
  { vmid: VM, register_set: 1, index: 0, value: 0x80080000n });
reply('boot-context-too-early', 'VM_SET_BOOT_CONTEXT', 8, '21 02 08 00 31 00 00 56 14 00 00 00', {}, 0x14);
request('init', 'VM_INIT', 9, '21 01 09 00 0b 00 00 56 80 00 00 00', { vmid: VM });
status(1, 2, '21 03 01 00 08 00 10 56 80 00 00 00 02 00 00 00');
reply('initialised', 'VM_INIT', 9, '21 02 09 00 0b 00 00 56 00 00 00 00');
request('start', 'VM_START', 10, '21 01 0a 00 04 00 00 56 80 00 00 00', { vmid: VM });
status(2, 3, '21 03 02 00 08 00 10 56 80 00 00 00 03 00 00 00');
reply('started', 'VM_START', 10, '21 02 0a 00 04 00 00 56 00 00 00 00');

request('get-resources', 'VM_GET_HYP_RESOURCES', 11, '21 01 0b 00 20 00 00 56 80 00 00 00', { vmid: VM });
const none = { handle: 0, virq_handle: 0, base: 0n, size: 0n };
reply('resources', 'VM_GET_HYP_RESOURCES', 11, `21 02 0b 00 20 00 00 56 00 00 00 00 03 00 00 00
  04 00 00 00 00 00 00 00 00 00 00 00 21 00 00 00 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
  01 00 80 00 00 00 00 00 10 00 00 00 22 00 00 00 00 00 00 10 00 00 00 00 25 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
  00 00 80 00 00 00 00 00 11 00 00 00 23 00 00 00 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00`,
{
  resources: [
    { type: 4, partner: 0, ...none, label: 0, cap: 0x1000000000000021n, virq: 0 },
    { type: 1, partner: VM, ...none, label: 0x10, cap: 0x1000000000000022n, virq: 0x25 },
    { type: 0, partner: VM, ...none, label: 0x11, cap: 0x1000000000000023n, virq: 0 },
  ],
});
reply('six-vcpus', 'VM_GET_HYP_RESOURCES', 12, {
  count: 2,
  0: '21 06 0c 00 20 00 00 56 00 00 00 00 06 00 00 00 04 00 00 00 00 00 00 00',
  1: `21 04 0c 00 20 00 00 56 00 00 00 00 05 00 00 00 35 00 00 00 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    00 00 00 00 00 00 00 00`,
  end: '',
}, { resources: range(6, (i) => ({ type: 4, partner: 0, ...none, label: i, cap: 0x1000000000000030n + BigInt(i), virq: 0 })) });
request('stop', 'VM_STOP', 13, '21 01 0d 00 05 00 00 56 80 00 01 00 03 00 00 00', { vmid: VM, flags: 1, reason: 3 });
status(3, 9, '21 03 03 00 08 00 10 56 80 00 00 00 09 00 00 00');
notification('exited', 'VM_EXITED', 4, '21 03 04 00 01 00 10 56 80 00 07 00 04 00 00 00 00 00 00 00', { vmid: VM, type: 7, reason: hex('00000000') });
reply('stopped', 'VM_STOP', 13, '21 02 0d 00 05 00 00 56 00 00 00 00');
notification('exited-by-reset2', 'VM_EXITED', 5, '21 03 05 00 01 00 10 56 80 00 03 00 10 00 00 00 00 80 01 00 01 00 00 80 88 77 66 55 44 33 22 11',
  { vmid: VM, type: 3, reason: hex('00800100 01000080 88776655 44332211') });
request('reset', 'VM_RESET', 14, '21 01 0e 00 06 00 00 56 80 00 00 00', { vmid: VM });
status(6, 10, '21 03 06 00 08 00 10 56 80 00 00 00 0a 00 00 00');
reply('resetting', 'VM_RESET', 14, '21 02 0e 00 06 00 00 56 00 00 00 00');
notification('released', 'MEM_RELEASED', 7, '21 03 07 00 12 00 10 51 00 00 00 00 80 00 00 00 00 00 00 00', { parcel: 0, vmid: VM, tag: 0 });
status(8, 11, '21 03 08 00 08 00 10 56 80 00 00 00 0b 00 00 00');
request('reclaim', 'MEM_RECLAIM', 15, '21 01 0f 00 15 00 00 51 00 00 00 00 00 00 00 00', { parcel: 0, flags: 0 });
reply('reclaimed', 'MEM_RECLAIM', 15, '21 02 0f 00 15 00 00 51 00 00 00 00');
request('deallocate', 'VM_DEALLOCATE', 16, '21 01 10 00 02 00 00 56 80 00 00 00', { vmid: VM });
reply('deallocated', 'VM_DEALLOCATE', 16, '21 02 10 00 02 00 00 56 00 00 00 00');

reply('unimplemented', 'VM_GET_HYP_CAPIDS', 17, '21 02 11 00 21 00 00 56 ff ff ff ff', {}, 0xffffffff);
reply('still-in-use', 'MEM_RECLAIM', 18, '21 02 12 00 15 00 00 51 0b 00 00 00', {}, 0x0b);
request('firmware-mem', 'VM_SET_FIRMWARE_MEM', 19, '21 01 13 00 32 00 00 56 80 00 00 00 09 00 00 00 00 00 00 00 00 00 00 00 00 00 10 00 00 00 00 00',
  { vmid: VM, parcel: 9, offset: 0n, size: 0x100000n });
reply('firmware-mem-refused', 'VM_SET_FIRMWARE_MEM', 19, '21 02 13 00 32 00 00 56 0a 00 00 00 01 00 00 00', { detail: 1 }, 0x0a);
reply('firmware-mem-refused-newer', 'VM_SET_FIRMWARE_MEM', 19, '21 02 13 00 32 00 00 56 0a 00 00 00', {}, 0x0a);
request('get-vmid', 'VM_GET_VMID', 20, '21 01 14 00 24 00 00 56', {});
reply('vmid', 'VM_GET_VMID', 20, '21 02 14 00 24 00 00 56 00 00 00 00 03 00 00 00', { vmid: HLOS });
request('get-type', 'VM_HOST_GET_TYPE', 21, '21 01 15 00 a0 00 00 56', {});
reply('type', 'VM_HOST_GET_TYPE', 21, '21 02 15 00 a0 00 00 56 00 00 00 00 64 01 00 01', { architecture: 0x64, hypervisor: 1, version: 1 });
request('get-id', 'VM_GET_ID', 22, '21 01 16 00 10 00 00 56 00 00 00 00', { vmid: 0 });
reply('id', 'VM_GET_ID', 22, `21 02 16 00 10 00 00 56 00 00 00 00 03 00 00 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00
  00 00 00 00 02 00 04 00 48 4c 4f 53 03 00 03 00 4e 2f 41 00`,
{ ids: [{ type: 0, data: Buffer.alloc(16) }, { type: 2, data: text('HLOS') }, { type: 3, data: text('N/A') }] });
request('lookup', 'VM_LOOKUP_NAME', 23, '21 01 17 00 13 00 00 56 09 00 00 00 74 72 75 73 74 65 64 76 6d 00 00 00', { name: text('trustedvm') });
reply('found', 'VM_LOOKUP_NAME', 23, '21 02 17 00 13 00 00 56 00 00 00 00 01 00 00 00 2d 00 00 00', { vmids: [{ vmid: TVM }] });
reply('not-found', 'VM_LOOKUP_NAME', 23, '21 02 17 00 13 00 00 56 00 00 00 00 00 00 00 00', { vmids: [] });

const acl = [{ vmid: HLOS, rights: 6 }, { vmid: TVM, rights: 6 }];
const attributes = [{ attribute: 3, vmid: HLOS }, { attribute: 3, vmid: TVM }];
request('share', 'MEM_SHARE', 24, `21 01 18 00 13 00 00 51 00 00 01 00 34 12 00 00 02 00 00 00 03 00 06 00 2d 00 06 00 01 00 00 00
  00 00 00 a0 00 00 00 00 00 40 00 00 00 00 00 00 02 00 00 00 03 00 03 00 03 00 2d 00`,
{ mem_type: 0, flags: 1, label: 0x1234, acl, sgl: [{ address: 0xa0000000n, size: 0x4000n }], attributes });
reply('shared', 'MEM_SHARE', 24, '21 02 18 00 13 00 00 51 00 00 00 00 02 00 00 00', { parcel: 2 });
request('notify', 'MEM_NOTIFY', 25, '21 01 19 00 17 00 00 51 02 00 00 00 01 00 00 00 fe ca 00 00 01 00 00 00 2d 00 00 00',
  { parcel: 2, flags: 1, tag: 0xcafe, vmids: [{ vmid: TVM }] });
notification('shared-with', 'MEM_SHARED', 9, `21 03 09 00 11 00 10 51 02 00 00 00 00 02 01 00 03 00 00 00 34 12 00 00 fe ca 00 00 02 00 00 00
  03 00 06 00 2d 00 06 00 01 00 00 00 00 40 00 00 00 00 00 00 02 00 00 00 03 00 03 00 03 00 2d 00`,
{ parcel: 2, mem_type: 0, trans_type: 2, flags: 1, owner: HLOS, label: 0x1234, tag: 0xcafe, acl, sizes: [{ size: 0x4000n }], attributes });
reply('notified', 'MEM_NOTIFY', 25, '21 02 19 00 17 00 00 51 00 00 00 00');
request('accept', 'MEM_ACCEPT', 0, `21 01 00 00 11 00 00 51 02 00 00 00 00 02 87 00 34 12 00 00 02 00 00 00 03 00 06 00 2d 00 06 00
  00 00 00 00 02 00 00 00 03 00 03 00 03 00 2d 00`,
{ parcel: 2, mem_type: 0, trans_type: 2, flags: 0x87, label: 0x1234, acl, map_vmid: 0, sgl: [], attributes });
reply('accepted', 'MEM_ACCEPT', 0, '21 02 00 00 11 00 00 51 00 00 00 00 01 00 00 00 00 00 00 c0 00 00 00 00 00 40 00 00 00 00 00 00',
  { flags: 0, sgl: [{ address: 0xc0000000n, size: 0x4000n }] });
request('release', 'MEM_RELEASE', 1, '21 01 01 00 14 00 00 51 02 00 00 00 01 00 00 00', { parcel: 2, flags: 1 });
reply('release-ok', 'MEM_RELEASE', 1, '21 02 01 00 14 00 00 51 00 00 00 00');

request('console-write', 'VM_CONSOLE_WRITE', 26, '21 01 1a 00 83 00 00 56 2d 00 03 00 68 69 0a', { target: TVM, text: text('hi\n') });
notification('console-chars', 'VM_CONSOLE_CHARS', 10, '21 03 0a 00 80 00 10 56 00 00 03 00 68 69 0a', { from: 0, text: text('hi\n') });
reply('console-written', 'VM_CONSOLE_WRITE', 26, '21 02 1a 00 83 00 00 56 00 00 00 00');
notification('console-300-chars', 'VM_CONSOLE_CHARS', 11, {
  count: 2,
  0: '21 07 0b 00 80 00 10 56 2d 00 2c 01 41 42 43 44 45 46 47 48',
  1: '21 04 0b 00 80 00 10 56 55 56 57 58 59 5a 41 42',
  end: '',
}, { from: TVM, text: text(String.fromCharCode(...range(300, (i) => 0x41 + (i % 26)))) });

request('irq-lend', 'VM_IRQ_LEND', 27, '21 01 1b 00 51 00 00 56 2d 00 00 00 21 01 00 00 77 00 00 00', { borrower: TVM, virq: 0x121, label: 0x77 });
reply('irq-lent', 'VM_IRQ_LEND', 27, '21 02 1b 00 51 00 00 56 00 00 00 00 21 c1 31 5a', { irq: 0x5a31c121 });
request('irq-notify', 'VM_IRQ_NOTIFY', 28, '21 01 1c 00 54 00 00 56 21 c1 31 5a 01 00 00 00', { irq: 0x5a31c121, flags: 1, vmids: [] });
notification('irq-lent-to', 'VM_IRQ_LENT', 12, '21 03 0c 00 11 00 10 56 03 00 00 00 21 c1 31 5a 77 00 00 00', { owner: HLOS, irq: 0x5a31c121, label: 0x77 });
reply('irq-notified', 'VM_IRQ_NOTIFY', 28, '21 02 1c 00 54 00 00 56 00 00 00 00');
request('ipa-reserve', 'IPA_RESERVE', 29, `21 01 1d 00 b0 00 00 56 01 00 00 00 40 00 00 00 00 00 00 00 01 00 00 00 00 00 00 40 00 00 00 00
  00 00 00 40 00 00 00 00 00 00 20 00 00 00 00 00 00 00 20 00 00 00 00 00`,
{ kind: 1, constraints: 0x40, platform_constraints: 0, allocations: [{ base: 0x40000000n, limit: 0x40000000n, size: 0x200000n, alignment: 0x200000n }] });
reply('ipa-reserved', 'IPA_RESERVE', 29, '21 02 1d 00 b0 00 00 56 00 00 00 00 01 00 00 00 00 00 00 40 00 00 00 00', { addresses: [{ address: 0x40000000n }] });
request('get-peers', 'VM_GET_PEERS', 30, '21 01 1e 00 25 00 00 56', {});
reply('peers', 'VM_GET_PEERS', 30, '21 02 1e 00 25 00 00 56 00 00 00 00 02 00 00 00 2d 00 00 00 80 00 00 00', { vmids: [{ vmid: TVM }, { vmid: VM }] });

export { examples };
