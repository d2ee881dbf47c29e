// Every message by name: number, kind, and the layout of its payloads, for samples.mjs.
// `request` (or `notification`) and `reply` are lists of parts (wire.mjs); without a `reply` one says OK with the error word alone.
import { atLeast, fixedBytes, list, number, paddedText, plainText, rest, simple, tailList, tolerated, when } from './wire.mjs';

const acl = simple('vmid:2 rights:1 _:1');
const sgl = simple('address:8 size:8');
const attribute = simple('attribute:2 vmid:2');
const vmid = simple('vmid:2 _:2');
const parcelReply = simple('parcel:4');
const slot = simple('slot:2 _:2');
const descriptor = simple('type:1 _:3 data0:4 data1:4 data2:4');
const lists = [tailList('acl', acl), tailList('sgl', sgl), tailList('attributes', attribute)];
const create = [atLeast(20), ...simple('mem_type:1 _:1 flags:1 _:1 label:4'), ...lists];
const vmids = [list('vmids', 4, 0, vmid, 65535)];
const bootContext = simple('vmid:2 register_set:1 index:1 0:4 value:8');
const opaque = [rest('payload')];
const namesVms = ({ flags }) => flags === 1 || flags === 8;
const absentWhenEmpty = (field, layout) => when((v, r) => (r ? r.left > 0 : field in v), layout);

export const messages = {
  GET_IDENT: { id: 0x00000001, request: opaque, reply: opaque },
  GET_FEATURES: { id: 0x00000002, request: opaque, reply: opaque },
  GET_LOG: { id: 0x00000005, request: simple('log:2 _:2'), reply: simple('address:8 size:8') },
  GET_LOG_ADDRESS: { id: 0x56000100, request: opaque, reply: opaque },
  MINIDUMP_GET_INFO: { id: 0x56000040, request: simple('_:4'), reply: slot },
  MINIDUMP_REGISTER_RANGE: {
    id: 0x56000041,
    request: [...simple('base:8 size:8'), {
      put: (w, v) => { w.number(v.name.length, 1); w.number(28, 1); w.zeros(2); w.raw(v.name); },
    }],
    reply: slot,
  },
  MINIDUMP_DEREGISTER_SLOT: { id: 0x56000042, request: slot },
  MINIDUMP_GET_SLOT_NUMBER: {
    id: 0x56000043,
    request: [{ put: (w, v) => { w.number(v.name.length, 1); w.zeros(3); w.number(v.first_slot, 2); w.zeros(2); w.raw(v.name); } }],
    reply: slot,
  },

  MEM_DONATE: { id: 0x51000010, request: create, reply: parcelReply },
  MEM_LEND: { id: 0x51000012, request: create, reply: parcelReply },
  MEM_SHARE: { id: 0x51000013, request: create, reply: parcelReply },
  MEM_ACCEPT: {
    id: 0x51000011,
    request: [
      atLeast(24), ...simple('parcel:4 mem_type:1 trans_type:1 flags:1 _:1 label:4'), tailList('acl', acl),
      {
        put: (w, v) => { w.number(v.sgl.length, 2); w.number(v.map_vmid, 2); for (const e of v.sgl) { w.number(e.address, 8); w.number(e.size, 8); } },
        get: (r, v) => {
          const count = r.left ? r.number(2) : 0;
          v.map_vmid = r.left ? r.number(2) : 0;
          v.sgl = Array.from({ length: count }, () => ({ address: r.number(8), size: r.number(8) }));
        },
      },
      tailList('attributes', attribute),
    ],
    reply: [absentWhenEmpty('sgl', [{
      put: (w, v) => { w.number(v.sgl.length, 2); w.number(v.flags, 1); w.zeros(1); for (const e of v.sgl) { w.number(e.address, 8); w.number(e.size, 8); } },
    }])],
  },
  MEM_RELEASE: { id: 0x51000014, request: [...simple('parcel:4 flags:1 _:3'), tolerated] },
  MEM_RECLAIM: { id: 0x51000015, request: [...simple('parcel:4 flags:1 _:3'), tolerated] },
  MEM_NOTIFY: {
    id: 0x51000017,
    request: [...simple('parcel:4 flags:1 _:3 tag:4'), when(namesVms, [list('vmids', 2, 2, vmid, 65535)], { vmids: [] }), tolerated],
  },
  MEM_APPEND: { id: 0x51000018, request: [atLeast(12), ...simple('parcel:4 flags:1 _:3'), tailList('sgl', sgl)] },
  MEM_QCOM_LOOKUP_SGL: { id: 0x5100001a, request: [atLeast(16), ...simple('mem_type:1 _:3 label:4'), ...lists], reply: parcelReply },
  MEM_SHARED: {
    id: 0x51100011,
    notification: [
      ...simple('parcel:4 mem_type:1 trans_type:1 flags:1 _:1 owner:2 _:2 label:4 tag:4'),
      list('acl', 2, 2, acl), list('sizes', 2, 2, simple('size:8')), list('attributes', 2, 2, attribute),
    ],
  },
  MEM_RELEASED: { id: 0x51100012, notification: simple('parcel:4 vmid:2 _:2 tag:4') },
  MEM_ACCEPTED: { id: 0x51100013, notification: simple('parcel:4 vmid:2 _:2 tag:4') },
  MEM_RECALL: { id: 0x51100014, notification: simple('parcel:4 tag:4') },

  FW_MILESTONE: { id: 0x51000020, request: [] },
  FW_SET_VM_FIRMWARE: { id: 0x51000021, request: simple('auth:2 flags:2 parcel:4 offset:8 size:8 config_offset:8 config_size:8') },

  HEAP_CREATE: { id: 0x51000030, request: opaque, reply: opaque },
  HEAP_DELETE: { id: 0x51000031, request: opaque, reply: opaque },
  HEAP_ADD_MEMORY: { id: 0x51000032, request: simple('heap:4 _:4 parcel:4') },
  HEAP_REMOVE_MEMORY: { id: 0x51000033, request: simple('heap:4 _:4 parcel:4') },
  HEAP_QUERY: {
    id: 0x51000034,
    request: simple('heap:4 query:1 _:3'),
    reply: [when((v) => 'parcels' in v, [list('parcels', 4, 0, simple('parcel:4'), 65535)]),
      when((v) => 'total' in v, simple('total:8 allocated:8 reserved:8 largest_free:8'))],
  },

  VM_ALLOCATE: { id: 0x56000001, request: vmid, reply: [absentWhenEmpty('vmid', vmid)] },
  VM_DEALLOCATE: { id: 0x56000002, request: vmid },
  VM_START: { id: 0x56000004, request: vmid },
  VM_STOP: { id: 0x56000005, request: simple('vmid:2 flags:1 _:1 reason:4') },
  VM_RESET: { id: 0x56000006, request: vmid },
  VM_SUSPEND: { id: 0x56000007, request: opaque, reply: opaque },
  VM_RESUME: { id: 0x56000008, request: opaque, reply: opaque },
  VM_CONFIG_IMAGE: { id: 0x56000009, request: simple('vmid:2 auth:2 parcel:4 image_offset:8 image_size:8 dtb_offset:8 dtb_size:8') },
  VM_AUTH_IMAGE: { id: 0x5600000a, request: [number('vmid', 2), list('parameters', 2, 0, simple('type:4 value:4'), 65535)] },
  VM_INIT: { id: 0x5600000b, request: simple('vmid:2 0:2') },
  VM_SET_BOOT_CONTEXT_V15: { id: 0x5600000c, request: bootContext },
  VM_EXIT: { id: 0x56000085, request: simple('flags:2 code:1 0:1') },
  VM_EXITED: { id: 0x56100001, notification: [...simple('vmid:2 type:2'), plainText('reason', 4)] },
  VM_SHUTDOWN: { id: 0x56100002, notification: simple('reason:4') },
  VM_STATUS: { id: 0x56100008, notification: simple('vmid:2 _:2 vm_state:1 os_state:1 app_status:2') },

  VM_GET_ID: {
    id: 0x56000010,
    request: vmid,
    reply: [list('ids', 4, 0, [...simple('type:1 _:1'), { put: (w, v) => { w.number(v.data.length, 2); w.raw(v.data); w.zeros((4 - (v.data.length % 4)) % 4); } }])],
  },
  VM_LOOKUP_URI: { id: 0x56000011, request: [paddedText('name', 79)], reply: vmids },
  VM_LOOKUP_GUID: { id: 0x56000012, request: [fixedBytes('guid', 16)], reply: vmids },
  VM_LOOKUP_NAME: { id: 0x56000013, request: [paddedText('name', 79)], reply: vmids },
  VM_GET_OWNER: { id: 0x56000015, request: [], reply: vmid },
  VM_GET_STATE: { id: 0x56000017, request: vmid, reply: simple('vm_state:1 os_state:1 app_status:2') },
  VM_GET_CRASH_MSG: { id: 0x56000019, request: vmid, reply: [paddedText('text')] },
  VM_GET_HYP_RESOURCES: {
    id: 0x56000020,
    request: vmid,
    reply: [list('resources', 4, 0, simple('type:1 _:1 partner:2 handle:4 label:4 cap:8 virq_handle:4 virq:4 base:8 size:8'), 65535)],
  },
  VM_GET_HYP_CAPIDS: { id: 0x56000021, request: opaque, reply: opaque },
  VM_GET_HYP_IRQS: { id: 0x56000022, request: opaque, reply: opaque },
  VM_GET_VMID: { id: 0x56000024, request: [], reply: vmid },
  VM_GET_PEERS: { id: 0x56000025, request: [], reply: vmids },
  VM_SET_STATUS: { id: 0x56000080, request: simple('_:1 os_state:1 app_status:2') },
  VM_SET_CRASH_MSG: { id: 0x56000086, request: [paddedText('text')] },
  VM_HOST_GET_TYPE: { id: 0x560000a0, request: [], reply: simple('architecture:1 hypervisor:1 _:1 version:1') },

  VM_SET_TIME_BASE: { id: 0x56000030, request: simple('vmid:2 _:2 time:8 counter:8') },
  VM_SET_BOOT_CONTEXT: { id: 0x56000031, request: bootContext },
  VM_SET_FIRMWARE_MEM: { id: 0x56000032, request: simple('vmid:2 0:2 parcel:4 offset:8 size:8') },
  VM_SET_DEMAND_PAGING: { id: 0x56000033, request: [...simple('vmid:2 0:2'), list('ranges', 4, 0, sgl, 65535), tolerated] },
  VM_SET_ADDRESS_LAYOUT: { id: 0x56000034, request: simple('vmid:2 0:2 range:4 base:8 size:8') },
  VM_SET_DEBUG: { id: 0x56000035, request: simple('vmid:2 0:1 enabled:1') },
  IPA_RESERVE: {
    id: 0x560000b0,
    request: [
      ...simple('kind:1 _:3 constraints:4 platform_constraints:4'),
      when((v) => v.kind === 0, [list('ranges', 2, 2, simple('address:8 size:8'), 30)]),
      when((v) => v.kind === 1, [list('allocations', 2, 2, simple('base:8 limit:8 size:8 alignment:8'), 30)]),
    ],
    reply: [absentWhenEmpty('addresses', [list('addresses', 4, 0, simple('address:8'), 30)])],
  },
  IPA_UNRESERVE: { id: 0x560000b1, request: opaque, reply: opaque },

  VM_IRQ_ACCEPT: { id: 0x56000050, request: simple('irq:4 virq:4'), reply: simple('virq:4') },
  VM_IRQ_LEND: { id: 0x56000051, request: simple('borrower:2 _:2 virq:4 label:4'), reply: simple('irq:4') },
  VM_IRQ_RELEASE: { id: 0x56000052, request: simple('irq:4') },
  VM_IRQ_RECLAIM: { id: 0x56000053, request: simple('irq:4') },
  VM_IRQ_NOTIFY: { id: 0x56000054, request: [...simple('irq:4 flags:4'), when((v) => v.vmids.length > 0, [list('vmids', 2, 2, vmid)])] },
  VM_IRQ_UNMAP: { id: 0x56000055, request: opaque, reply: opaque },
  VM_IRQ_LENT: { id: 0x56100011, notification: simple('owner:2 _:2 irq:4 label:4') },
  VM_IRQ_RELEASED: { id: 0x56100012, notification: simple('irq:4') },
  VM_IRQ_ACCEPTED: { id: 0x56100013, notification: simple('irq:4') },

  DEVICE_ACCEPT: { id: 0x56000060, request: simple('device:4 flags:1 0:3 bus:4') },
  DEVICE_LEND: { id: 0x56000061, request: simple('vmid:2 flags:1 0:1 device:4') },
  DEVICE_RELEASE: { id: 0x56000062, request: simple('device:4 flags:1 0:3') },
  DEVICE_RECLAIM: { id: 0x56000063, request: simple('device:4 flags:1 0:3') },
  DEVICE_NOTIFY: { id: 0x56000064, request: [...simple('device:4 flags:1 0:1 vmid:2'), tolerated] },
  DEVICE_FIND_HANDLE: { id: 0x56000065, request: descriptor, reply: simple('device:4') },
  DEVICE_GET_RESOURCES: { id: 0x56000066, request: simple('device:4 flags:1 0:3'), reply: [list('resources', 2, 2, descriptor, 65535)] },
  DEVICE_BUS_LOCKDOWN: { id: 0x56000067, request: simple('bus:4') },
  DEVICE_BUS_UNLOCK: { id: 0x56000068, request: simple('bus:4') },
  DEVICE_DONATE: { id: 0x56000069, request: simple('vmid:2 flags:1 0:1 device:4') },
  DEVICE_DONATED: { id: 0x56100060, notification: simple('vmid:2 _:2 device:4') },
  DEVICE_LENT: { id: 0x56100061, notification: simple('vmid:2 _:2 device:4') },
  DEVICE_RELEASED: { id: 0x56100062, notification: simple('device:4') },
  DEVICE_ACCEPTED: { id: 0x56100063, notification: simple('vmid:2 _:2 device:4') },
  DEVICE_RECALL: { id: 0x56100064, notification: simple('vmid:2 _:2 device:4') },

  VM_CONSOLE_OPEN: { id: 0x56000081, request: simple('target:2 _:2') },
  VM_CONSOLE_CLOSE: { id: 0x56000082, request: simple('target:2 _:2') },
  VM_CONSOLE_WRITE: { id: 0x56000083, request: [number('target', 2), plainText('text')] },
  VM_CONSOLE_FLUSH: { id: 0x56000084, request: simple('target:2 _:2') },
  VM_CONSOLE_CHARS: { id: 0x56100080, notification: [number('from', 2), plainText('text')] },
};

export const byId = new Map(Object.entries(messages).map(([name, message]) => [message.id, { name, ...message }]));
export const describe = (id) => byId.get(id) ?? { name: 'UNKNOWN', id, request: opaque, reply: opaque };
