meta:
  id: vm_settings
  title: Settings of a VM before it starts, firmware, and address ranges
  license: MIT
  ks-version: 0.11
  endian: le
  imports:
    - common
doc-ref: 'RM: vm_mgnt.c, vm_firmware.c, vm_ipa.c; RM (newer): vm_creation.c; Linux v15, v17: rsc_mgr_rpc.c'
types:
  vm_set_time_base:
    seq:
      - id: vmid
        type: u2
      - id: reserved
        type: u2
      - id: time
        type: u8
        doc: Nanoseconds since the epoch.
      - id: counter
        type: u8
        doc: The architectural counter at that moment.
  vm_set_firmware_mem:
    seq:
      - id: vmid
        type: u2
      - id: reserved
        type: u2
        valid: 0
      - id: parcel
        type: u4
      - id: offset
        type: u8
      - id: size
        type: u8
  vm_set_boot_context:
    doc: One request for each register. Linux v15 used another id for it.
    seq:
      - id: vmid
        type: u2
      - id: register_set
        type: u1
        doc: 0 X registers, 1 PC, 2 SP.
      - id: index
        type: u1
      - id: reserved
        type: u4
        valid: 0
      - id: value
        type: u8
  vm_set_demand_paging:
    doc: What follows the announced ranges is not looked at.
    seq:
      - id: vmid
        type: u2
      - id: reserved0
        type: u2
        valid: 0
      - id: num_ranges
        type: u4
        valid:
          expr: _ <= (_io.size - _io.pos) / 16
      - id: ranges
        type: common::sgl_entry
        repeat: expr
        repeat-expr: num_ranges
      - id: reserved_rest
        size-eos: true
  vm_set_address_layout:
    seq:
      - id: vmid
        type: u2
      - id: reserved
        type: u2
        valid: 0
      - id: range
        type: u4
        doc: 0 image, 1 firmware.
      - id: base
        type: u8
      - id: size
        type: u8
  vm_set_debug:
    doc: Values above 1 are answered with "message invalid" too, but are no matter of layout.
    seq:
      - id: vmid
        type: u2
      - id: reserved
        type: u1
        valid: 0
      - id: enabled
        type: u1
  fw_set_vm_firmware:
    doc: |
      The 12/2023 Resource Manager takes exactly 24 bytes. The newer one takes up to 40 and reads what was not sent as zero, to the
      byte; that is what is accepted here. The second half word is reserved in one and flags in the other, where bit 1 says that a
      range of configuration follows.
    seq:
      - id: reserved_auth
        type: cut_number(2)
        valid:
          expr: _io.size <= 40
      - id: reserved_flags
        type: cut_number(2)
      - id: reserved_parcel
        type: cut_number(4)
      - id: reserved_offset
        type: cut_number(8)
      - id: reserved_size
        type: cut_number(8)
      - id: reserved_config_offset
        type: cut_number(8)
      - id: reserved_config_size
        type: cut_number(8)
    instances:
      auth:
        value: reserved_auth.value
      flags:
        value: reserved_flags.value
      parcel:
        value: reserved_parcel.value
      offset:
        value: reserved_offset.value
      size:
        value: reserved_size.value
      config_offset:
        value: reserved_config_offset.value
      config_size:
        value: reserved_config_size.value
    types:
      cut_number:
        doc: A number of `len_whole` bytes, less when the payload ends before; its missing high bytes are zero.
        params:
          - id: len_whole
            type: u1
        seq:
          - id: bytes
            size: '_io.size - _io.pos < len_whole ? _io.size - _io.pos : len_whole'
        instances:
          len_bytes:
            value: bytes.length
          value:
            value: |
              ((len_bytes > 0 ? bytes[0] : 0).as<u8> +
               (len_bytes > 1 ? bytes[1] : 0).as<u8> * 0x100 +
               (len_bytes > 2 ? bytes[2] : 0).as<u8> * 0x10000 +
               (len_bytes > 3 ? bytes[3] : 0).as<u8> * 0x1000000 +
               (len_bytes > 4 ? bytes[4] : 0).as<u8> * 0x100000000 +
               (len_bytes > 5 ? bytes[5] : 0).as<u8> * 0x10000000000 +
               (len_bytes > 6 ? bytes[6] : 0).as<u8> * 0x1000000000000 +
               (len_bytes > 7 ? bytes[7] : 0).as<u8> * 0x100000000000000).as<u8>
  ipa_reserve:
    doc: |
      About the caller's own address space. The kind decides how large an entry is, so an unknown kind has no layout.
      Its list has a limit of its own, 30 entries.
    seq:
      - id: kind
        type: u1
        valid:
          max: 1
        doc: 0 these ranges, 1 anywhere within these regions.
      - id: reserved0
        size: 3
      - id: constraints
        type: u4
        doc: 1 ECC, 2 tagged, 4 normal, 8 IO, 0x10 owner sees it, 0x20 external bus sees it, 0x40 fits base memory.
      - id: platform_constraints
        type: u4
      - id: num_entries
        type: u2
        valid:
          expr: '_ <= 30 and _ * (kind == 0 ? 16 : 32) + 2 <= _io.size - _io.pos'
      - id: reserved1
        type: u2
      - id: ranges
        type: common::sgl_entry
        if: kind == 0
        repeat: expr
        repeat-expr: num_entries
      - id: allocations
        type: allocation
        if: kind == 1
        repeat: expr
        repeat-expr: num_entries
    types:
      allocation:
        seq:
          - id: base
            type: u8
          - id: limit
            type: u8
            doc: Size of the region to search.
          - id: size
            type: u8
          - id: alignment
            type: u8
  ipa_reserve_reply:
    doc: Absent when the ranges were fixed by the request.
    seq:
      - id: list
        type: chosen_addresses
        if: _io.size > 0
    types:
      chosen_addresses:
        seq:
          - id: num_addresses
            type: u4
            valid:
              expr: _ <= (_io.size - _io.pos) / 8
          - id: addresses
            type: address_entry
            repeat: expr
            repeat-expr: num_addresses
      address_entry:
        seq:
          - id: address
            type: u8
