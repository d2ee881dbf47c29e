meta:
  id: device
  title: Device manager
  license: MIT
  ks-version: 0.11
  endian: le
doc: |
  A build option of the newer Resource Manager. It checks the reserved bytes of these requests, except those inside a resource
  descriptor.
doc-ref: 'RM (newer): device_manager.c'
types:
  device_accept:
    seq:
      - id: device
        type: u4
      - id: flags
        type: u1
        doc: Bit 0 reset, bit 1 bind to the bus named here.
      - id: reserved
        contents: [0, 0, 0]
      - id: bus
        type: u4
  device_offer:
    doc: DEVICE_LEND and DEVICE_DONATE.
    seq:
      - id: vmid
        type: u2
      - id: flags
        type: u1
        doc: Bit 0 reset.
      - id: reserved
        type: u1
        valid: 0
      - id: device
        type: u4
  device_with_flags:
    doc: DEVICE_RELEASE, DEVICE_RECLAIM and DEVICE_GET_RESOURCES.
    seq:
      - id: device
        type: u4
      - id: flags
        type: u1
      - id: reserved
        contents: [0, 0, 0]
  device_notify:
    doc: Bytes after the VMID are not looked at.
    seq:
      - id: device
        type: u4
      - id: flags
        type: u1
        doc: 1 donated, 2 lent, 4 released, 8 accepted, 16 recall.
      - id: reserved
        type: u1
        valid: 0
      - id: vmid
        type: u2
      - id: reserved_rest
        size-eos: true
  resource_descriptor:
    doc: Also the request of DEVICE_FIND_HANDLE.
    seq:
      - id: type
        type: u1
        doc: 1 MMIO, 2 interrupt, 3 IOMMU, 4 MSI; another number for a PCIe function.
      - id: reserved
        size: 3
      - id: data0
        type: u4
      - id: data1
        type: u4
      - id: data2
        type: u4
  device_handle:
    doc: Reply of DEVICE_FIND_HANDLE, and DEVICE_RELEASED.
    seq:
      - id: device
        type: u4
  device_get_resources_reply:
    seq:
      - id: num_resources
        type: u2
        valid:
          expr: _ * 16 + 2 <= _io.size - _io.pos
      - id: reserved
        type: u2
      - id: resources
        type: resource_descriptor
        repeat: expr
        repeat-expr: num_resources
  device_bus:
    doc: DEVICE_BUS_LOCKDOWN and DEVICE_BUS_UNLOCK.
    seq:
      - id: bus
        type: u4
  device_event:
    doc: DEVICE_DONATED, DEVICE_LENT and DEVICE_RECALL name the owner, DEVICE_ACCEPTED who accepted.
    seq:
      - id: vmid
        type: u2
      - id: reserved
        type: u2
      - id: device
        type: u4
