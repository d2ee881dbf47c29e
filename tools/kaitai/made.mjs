// Samples stated as values: at least one request, reply and notification of every message, the corners of the layouts, and the
// forms of an error reply. Each is [name, message, kind, sequence, fields, error].
import { hex, text } from './wire.mjs';
import { messages } from './messages.mjs';

const samples = [];
let sequence = 0x100;
const add = (name, message, kind, fields, error) => samples.push({ name, message, kind, sequence: sequence++, fields, error });
const request = (message, fields, variant = '') => add(`${slug(message)}${variant && '-' + variant}`, message, 'request', fields);
const reply = (message, fields = {}, variant = '') => add(`${slug(message)}-reply${variant && '-' + variant}`, message, 'reply', fields, 0);
const notification = (message, fields, variant = '') => add(`${slug(message)}${variant && '-' + variant}`, message, 'notification', fields);
const refusal = (message, error, fields = {}, variant = '') => add(`${slug(message)}-error${variant && '-' + variant}`, message, 'reply', fields, error);
export const slug = (message) => message.toLowerCase().replaceAll('_', '-');
const range = (count, entry) => Array.from({ length: count }, (_, i) => entry(i));

const HLOS = 3, VM = 0x80, TVM = 45;
const most64 = 0xffffffffffffffffn;

// Ids without a public layout: any bytes.
for (const message of ['GET_IDENT', 'GET_FEATURES', 'GET_LOG_ADDRESS', 'HEAP_CREATE', 'HEAP_DELETE', 'VM_SUSPEND', 'VM_RESUME',
  'VM_GET_HYP_CAPIDS', 'VM_GET_HYP_IRQS', 'VM_IRQ_UNMAP', 'IPA_UNRESERVE']) {
  request(message, { payload: text(message) });
  refusal(message, 0xffffffff);
}

// Requests of one VMID.
for (const message of ['VM_ALLOCATE', 'VM_DEALLOCATE', 'VM_INIT', 'VM_START', 'VM_RESET', 'VM_GET_ID', 'VM_GET_STATE',
  'VM_GET_CRASH_MSG', 'VM_GET_HYP_RESOURCES']) request(message, { vmid: VM });
// Requests without payload.
for (const message of ['VM_GET_VMID', 'VM_GET_OWNER', 'VM_GET_PEERS', 'VM_HOST_GET_TYPE', 'FW_MILESTONE', 'MINIDUMP_GET_INFO']) request(message, {});
// Requests that are answered with the error word alone.
for (const [message, { request: layout, reply: answer }] of Object.entries(messages)) if (layout && !answer) reply(message);

request('VM_CONFIG_IMAGE', { vmid: 0xbe, auth: 2, parcel: 0xfffffffe, image_offset: 0x123456789abcdefn, image_size: most64, dtb_offset: 1n, dtb_size: 1n << 63n });
request('VM_AUTH_IMAGE', { vmid: TVM, parameters: [{ type: 0, value: 28 }, { type: 7, value: 0xffffffff }] });
request('VM_AUTH_IMAGE', { vmid: TVM, parameters: [] }, 'without-parameters');
request('VM_STOP', { vmid: VM, flags: 0, reason: 1 });
request('VM_EXIT', { flags: 0x1234, code: 4 });
request('VM_EXIT', { flags: 0, code: 2 }, 'code-of-another-source');
reply('VM_ALLOCATE', { vmid: 0xbe });
reply('VM_ALLOCATE', {}, 'of-a-given-vmid');
for (const [type, reason] of [[0, '00000100'], [1, '00000000'], [2, '01000000'], [4, '00000100'], [5, '00000200'], [6, '00000000'], [7, '00000000']])
  notification('VM_EXITED', { vmid: VM, type, reason: hex(reason) }, `type-${type}`);
for (const reason of [0, 3]) notification('VM_SHUTDOWN', { reason }, `${reason}`);
for (let state = 1; state <= 12; state++)
  notification('VM_STATUS', { vmid: VM, vm_state: state, os_state: state % 8, app_status: state * 0x101 }, `${state}`);

reply('VM_GET_ID', {
  ids: [{ type: 0, data: hex('00112233445566778899aabbccddeeff') }, { type: 2, data: text('trustedvm') }, { type: 1, data: text('vmuid:1') },
    { type: 3, data: text('None') }],
});
reply('VM_GET_ID', { ids: [] }, 'empty');
for (const message of ['VM_LOOKUP_URI', 'VM_LOOKUP_NAME']) {
  for (const length of [0, 1, 4, 79]) request(message, { name: text('x'.repeat(length)) }, `${length}`);
  reply(message, { vmids: [] }, 'none');
}
request('VM_LOOKUP_GUID', { guid: hex('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf') });
reply('VM_LOOKUP_URI', { vmids: [{ vmid: TVM }] });
reply('VM_LOOKUP_NAME', { vmids: [{ vmid: HLOS }, { vmid: 0xff }] }, 'two');
reply('VM_LOOKUP_GUID', { vmids: [{ vmid: VM }] });
reply('VM_GET_PEERS', { vmids: range(63, (i) => ({ vmid: 0x80 + i })) }, '63');
reply('VM_GET_OWNER', { vmid: HLOS });
reply('VM_GET_VMID', { vmid: 0xfe });
reply('VM_GET_STATE', { vm_state: 3, os_state: 4, app_status: 0x8001 });
request('VM_SET_STATUS', { os_state: 7, app_status: 0xfffe });
for (const length of [0, 2, 3, 192, 300]) request('VM_SET_CRASH_MSG', { text: text('!'.repeat(length)) }, `${length}`);
for (const length of [0, 5, 192]) reply('VM_GET_CRASH_MSG', { text: text('?'.repeat(length)) }, `${length}`);
reply('VM_HOST_GET_TYPE', { architecture: 0x64, hypervisor: 1, version: 1 });
const resource = (i) => ({
  type: i % 12, partner: 0x100 + i, handle: 0x1000 + i, label: 0x2000 + i, cap: 0x100000000n + BigInt(i), virq_handle: 0x3000 + i,
  virq: i % 2 ? 0xffffffff : 0x20 + i, base: BigInt(i) << 40n, size: most64 - BigInt(i),
});
for (const count of [0, 1, 5, 6, 300]) reply('VM_GET_HYP_RESOURCES', { resources: range(count, resource) }, `${count}`);

const acl = [{ vmid: TVM, rights: 7 }, { vmid: HLOS, rights: 6 }, { vmid: 0xffff, rights: 0xff }];
const sgl = [{ address: 0x80000000n, size: 0x1000n }, { address: 0x123456789000n, size: 0xfffffffff000n }];
const attributes = [{ attribute: 3, vmid: TVM }, { attribute: 0xffff, vmid: HLOS }];
for (const message of ['MEM_DONATE', 'MEM_LEND', 'MEM_SHARE']) {
  request(message, { mem_type: 0, flags: 3, label: 0xdeadbeef, acl, sgl, attributes }, 'all-lists');
  reply(message, { parcel: 0xfffffffe });
}
request('MEM_DONATE', { mem_type: 1, flags: 0, label: 0, acl: [{ vmid: 0xff, rights: 7 }], sgl: sgl.slice(0, 1), attributes: [] });
request('MEM_LEND', { mem_type: 0xff, flags: 0xff, label: 1, acl: [], sgl: [], attributes: [] }, 'empty-lists');
request('MEM_SHARE', {
  mem_type: 0, flags: 1, label: 2, acl: range(512, (i) => ({ vmid: i, rights: 4 })), sgl: range(512, (i) => ({ address: BigInt(i) << 12n, size: 4096n })),
  attributes: range(512, (i) => ({ attribute: i % 4, vmid: i })),
}, 'longest-lists');
request('MEM_APPEND', { parcel: 5, flags: 1, sgl });
request('MEM_APPEND', { parcel: 5, flags: 0, sgl: [] }, 'empty');
request('MEM_ACCEPT', { parcel: 9, mem_type: 0, trans_type: 1, flags: 0x80, label: 0, acl: [], map_vmid: 0, sgl: [], attributes: [] });
request('MEM_ACCEPT', { parcel: 9, mem_type: 1, trans_type: 2, flags: 0xff, label: 77, acl, map_vmid: 0x1234, sgl, attributes }, 'all-lists');
reply('MEM_ACCEPT', {}, 'of-given-addresses');
reply('MEM_ACCEPT', { flags: 0, sgl: [] }, 'empty');
reply('MEM_ACCEPT', { flags: 1, sgl: range(512, (i) => ({ address: 0xc0000000n + (BigInt(i) << 13n), size: 0x1000n })) }, 'longest');
for (const message of ['MEM_RELEASE', 'MEM_RECLAIM']) request(message, { parcel: 0xfffffffe, flags: 1 });
for (const [flags, vmids] of [[1, [{ vmid: TVM }, { vmid: VM }]], [2, []], [4, []], [8, [{ vmid: TVM }]], [3, []]])
  request('MEM_NOTIFY', { parcel: 4, flags, tag: 0xfeedf00d, vmids }, `flags-${flags}`);
request('MEM_NOTIFY', { parcel: 4, flags: 1, tag: 0, vmids: [] }, 'to-nobody');
request('MEM_QCOM_LOOKUP_SGL', { mem_type: 0, label: 8, acl, sgl, attributes });
request('MEM_QCOM_LOOKUP_SGL', { mem_type: 1, label: 8, acl: [], sgl: [], attributes: [] }, 'empty-lists');
reply('MEM_QCOM_LOOKUP_SGL', { parcel: 8 });
notification('MEM_SHARED', { parcel: 2, mem_type: 1, trans_type: 1, flags: 0, owner: HLOS, label: 3, tag: 4, acl, sizes: [{ size: 0x200000n }, { size: most64 }], attributes });
notification('MEM_SHARED', { parcel: 2, mem_type: 0, trans_type: 0, flags: 1, owner: HLOS, label: 3, tag: 4, acl: acl.slice(0, 1), sizes: range(512, (i) => ({ size: BigInt(i + 1) << 12n })), attributes: [] }, 'longest');
for (const message of ['MEM_RELEASED', 'MEM_ACCEPTED']) notification(message, { parcel: 0x10, vmid: TVM, tag: 0xa5a5a5a5 });
notification('MEM_RECALL', { parcel: 0x11, tag: 0x5a5a5a5a });

request('FW_SET_VM_FIRMWARE', { auth: 2, flags: 2, parcel: 1, offset: 0n, size: 0x200000n, config_offset: 0x1f0000n, config_size: most64 }, 'with-config');
request('HEAP_ADD_MEMORY', { heap: 1, parcel: 3 });
request('HEAP_REMOVE_MEMORY', { heap: 0, parcel: 3 });
for (const query of [1, 2]) request('HEAP_QUERY', { heap: 1, query }, `${query}`);
for (const count of [0, 1, 7]) reply('HEAP_QUERY', { parcels: range(count, (i) => ({ parcel: i * 3 })) }, `parcels-${count}`);
reply('HEAP_QUERY', { total: 0x40000000n, allocated: 0x1234567n, reserved: 0x1000n, largest_free: 0x8000000n }, 'statistics');

request('VM_SET_TIME_BASE', { vmid: 0, time: 1_700_000_000_000_000_000n, counter: most64 });
for (const message of ['VM_SET_BOOT_CONTEXT', 'VM_SET_BOOT_CONTEXT_V15']) request(message, { vmid: VM, register_set: 2, index: 1, value: 0xfedcba9876543210n });
request('VM_SET_FIRMWARE_MEM', { vmid: VM, parcel: 6, offset: 0x1000n, size: 0x200000n });
request('VM_SET_DEMAND_PAGING', { vmid: VM, ranges: sgl });
request('VM_SET_DEMAND_PAGING', { vmid: VM, ranges: [] }, 'empty');
request('VM_SET_ADDRESS_LAYOUT', { vmid: VM, range: 1, base: 0x80000000n, size: 0x400000n });
for (const enabled of [0, 1]) request('VM_SET_DEBUG', { vmid: VM, enabled }, `${enabled}`);
request('IPA_RESERVE', { kind: 0, constraints: 4, platform_constraints: 0x80000001, ranges: range(30, (i) => ({ address: BigInt(i) << 21n, size: 0x200000n })) }, 'fixed');
request('IPA_RESERVE', { kind: 1, constraints: 0x44, platform_constraints: 0, allocations: range(30, (i) => ({ base: BigInt(i), limit: most64, size: 0x1000n, alignment: 0x10000n })) }, 'allocate');
request('IPA_RESERVE', { kind: 1, constraints: 0, platform_constraints: 0, allocations: [] }, 'empty');
reply('IPA_RESERVE', {}, 'fixed');
reply('IPA_RESERVE', { addresses: range(30, (i) => ({ address: BigInt(i) << 30n })) }, 'allocate');

request('VM_IRQ_ACCEPT', { irq: 0x5a31c121, virq: 0xffffffff });
reply('VM_IRQ_ACCEPT', { virq: 0x121 });
request('VM_IRQ_LEND', { borrower: VM, virq: 0x3ff, label: 0x99 });
reply('VM_IRQ_LEND', { irq: 0xfffffff0 });
for (const message of ['VM_IRQ_RELEASE', 'VM_IRQ_RECLAIM']) request(message, { irq: 0x5a31c121 });
for (const flags of [1, 2, 4]) request('VM_IRQ_NOTIFY', { irq: 0x5a31c121, flags, vmids: [] }, `flags-${flags}`);
request('VM_IRQ_NOTIFY', { irq: 0x5a31c121, flags: 1, vmids: [{ vmid: TVM }] }, 'lent-to');
notification('VM_IRQ_LENT', { owner: HLOS, irq: 0x5a31c121, label: 0xffffffff });
for (const message of ['VM_IRQ_RELEASED', 'VM_IRQ_ACCEPTED']) notification(message, { irq: 0x5a31c122 });

const descriptor = { type: 1, data0: 0x10000000, data1: 1, data2: 0xffffffff };
request('DEVICE_ACCEPT', { device: 0xcafe0001, flags: 3, bus: 7 });
for (const message of ['DEVICE_LEND', 'DEVICE_DONATE']) request(message, { vmid: TVM, flags: 1, device: 0xcafe0002 });
for (const message of ['DEVICE_RELEASE', 'DEVICE_RECLAIM', 'DEVICE_GET_RESOURCES']) request(message, { device: 0xcafe0003, flags: 1 });
for (const [flags, vmid] of [[1, TVM], [2, TVM], [4, 0], [8, 0], [16, VM]]) request('DEVICE_NOTIFY', { device: 0xcafe0004, flags, vmid }, `flags-${flags}`);
request('DEVICE_FIND_HANDLE', descriptor);
reply('DEVICE_FIND_HANDLE', { device: 0xcafe0005 });
reply('DEVICE_GET_RESOURCES', { resources: [descriptor, { ...descriptor, type: 3 }] });
reply('DEVICE_GET_RESOURCES', { resources: [] }, 'empty');
for (const message of ['DEVICE_BUS_LOCKDOWN', 'DEVICE_BUS_UNLOCK']) request(message, { bus: 0x400 });
for (const message of ['DEVICE_DONATED', 'DEVICE_LENT', 'DEVICE_ACCEPTED', 'DEVICE_RECALL']) notification(message, { vmid: TVM, device: 0xcafe0006 });
notification('DEVICE_RELEASED', { device: 0xcafe0007 });

for (const message of ['VM_CONSOLE_OPEN', 'VM_CONSOLE_CLOSE', 'VM_CONSOLE_FLUSH']) request(message, { target: VM });
for (const length of [0, 1, 228, 229, 14380]) request('VM_CONSOLE_WRITE', { target: 0, text: text('w'.repeat(length)) }, `${length}`);
for (const length of [0, 1, 228, 229]) notification('VM_CONSOLE_CHARS', { from: VM, text: text('c'.repeat(length)) }, `${length}`);

request('GET_LOG', { log: 0 });
reply('GET_LOG', { address: 0x80f00000n, size: 0x10000n });
reply('MINIDUMP_GET_INFO', { slot: 200 });
request('MINIDUMP_REGISTER_RANGE', { base: 0x90000000n, size: 0x1000n, name: text('KLOGBUF') });
reply('MINIDUMP_REGISTER_RANGE', { slot: 3 });
request('MINIDUMP_DEREGISTER_SLOT', { slot: 3 });
request('MINIDUMP_GET_SLOT_NUMBER', { first_slot: 1, name: text('KLOGBUF') });
reply('MINIDUMP_GET_SLOT_NUMBER', { slot: 3 });

// Errors: alone; with the one word that the 12/2023 Resource Manager adds to two of them; with something nobody sends.
for (const error of [1, 2, 3, 4, 5, 6, 0x16]) refusal('VM_START', error, {}, `${error}`);
for (const message of ['VM_SET_TIME_BASE', 'VM_SET_FIRMWARE_MEM']) {
  refusal(message, 0x14, { detail: 1 }, 'with-detail');
  refusal(message, 0x14);
}
refusal('VM_SET_TIME_BASE', 6, { detail: 30 }, 'no-rtc');
refusal('VM_ALLOCATE', 2, { extra: hex('80000000') }, 'with-extra');

export const made = samples;
