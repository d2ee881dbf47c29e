meta:
  id: vm_queries
  title: Questions about VMs, their names and what they share
  license: MIT
  ks-version: 0.11
  endian: le
  imports:
    - common
doc-ref: 'RM: vm_mgnt.c, vm_get_resources.c, vm_resource_msg.h; Linux v17: rsc_mgr_rpc.c'
types:
  vm_get_id_reply:
    seq:
      - id: num_ids
        type: u4
        valid:
          expr: _ <= (_io.size - _io.pos) / 4
      - id: ids
        type: id_entry
        repeat: expr
        repeat-expr: num_ids
    types:
      id_entry:
        seq:
          - id: type
            type: u1
            doc: 0 GUID, 1 URI, 2 name, 3 signing authority.
          - id: reserved
            type: u1
          - id: len_data
            type: u2
          - id: data
            size: len_data
          - id: reserved_padding
            type: common::zero_padding(len_data)
  vm_lookup_text:
    doc: |
      VM_LOOKUP_URI and VM_LOOKUP_NAME. More than 79 characters, or no payload at all, are answered with "argument invalid", the
      other violations with "message invalid".
    seq:
      - id: len_name
        type: u2
        valid:
          max: 79
      - id: reserved
        type: u2
      - id: name
        size: len_name
      - id: reserved_padding
        type: common::zero_padding(len_name)
  vm_lookup_guid:
    seq:
      - id: guid
        size: 16
        doc: The groups of the written form in reading order, each with its high byte first.
  vmids_reply:
    doc: Replies of the lookups and of VM_GET_PEERS.
    seq:
      - id: num_vmids
        type: u4
        valid:
          expr: _ <= (_io.size - _io.pos) / 4
      - id: vmids
        type: common::vmid_half
        repeat: expr
        repeat-expr: num_vmids
  vm_get_state_reply:
    seq:
      - id: vm_state
        type: u1
      - id: os_state
        type: u1
      - id: app_status
        type: u2
  crash_msg:
    doc: VM_SET_CRASH_MSG, and the reply of VM_GET_CRASH_MSG. What is stored is cut at 192 bytes; what may be sent is not.
    seq:
      - id: len_text
        type: u2
      - id: reserved
        type: u2
      - id: text
        size: len_text
      - id: reserved_padding
        type: common::zero_padding(len_text)
  vm_set_status:
    seq:
      - id: reserved
        type: u1
      - id: os_state
        type: u1
        doc: 0 keep, 1 early boot, 2 boot, 3 init, 4 run, 5 shutdown, 6 halted, 7 crashed.
      - id: app_status
        type: u2
  vm_host_get_type_reply:
    seq:
      - id: architecture
        type: u1
        doc: 0x64 AArch64.
      - id: hypervisor
        type: u1
        doc: 1 Gunyah with its Resource Manager.
      - id: reserved
        type: u1
      - id: version
        type: u1
  vm_get_hyp_resources_reply:
    seq:
      - id: num_resources
        type: u4
        valid:
          expr: _ <= (_io.size - _io.pos) / 44
      - id: resources
        type: resource
        repeat: expr
        repeat-expr: num_resources
    types:
      resource:
        doc: 44 bytes, so every second entry has its 64-bit numbers on odd multiples of four.
        seq:
          - id: type
            type: u1
            doc: |
              0 doorbell to ring, 1 doorbell that rings, 2 message queue to send, 3 message queue to receive, 4 vCPU, 5 virtual
              power management, 6 virtio MMIO, 7 virtual RTC, 8 watchdog; newer drop: 9 memory extent, 10 address space, 11 heap.
          - id: reserved
            type: u1
          - id: partner
            type: u2
          - id: handle
            type: u4
          - id: label
            type: u4
          - id: cap
            type: u8
          - id: virq_handle
            type: u4
          - id: virq
            type: u4
          - id: base
            type: u8
          - id: size
            type: u8
