meta:
  id: memparcel
  title: Memory parcels
  license: MIT
  ks-version: 0.11
  endian: le
  imports:
    - common
doc: |
  Lending, sharing and donating memory. Reserved bytes are not looked at by the Resource Manager in any of these requests.
doc-ref: 'RM: memparcel.c, memparcel_msg.h; Linux v17: rsc_mgr_rpc.c'
types:
  mem_create:
    doc: MEM_DONATE, MEM_LEND and MEM_SHARE.
    seq:
      - id: mem_type
        type: u1
        doc: 0 normal, 1 IO.
        valid:
          expr: _io.size >= 20
      - id: reserved0
        type: u1
      - id: flags
        type: u1
        doc: Bit 0 zero the memory now, bit 1 more entries follow in MEM_APPEND.
      - id: reserved1
        type: u1
      - id: label
        type: u4
      - id: acl
        type: common::acl_list
      - id: sgl
        type: common::sgl_list
      - id: attributes
        type: common::attribute_list
  mem_handle_reply:
    seq:
      - id: parcel
        type: u4
  mem_append:
    seq:
      - id: parcel
        type: u4
        valid:
          expr: _io.size >= 12
      - id: flags
        type: u1
        doc: Bit 0 these are the last entries.
      - id: reserved
        size: 3
      - id: sgl
        type: common::sgl_list
  mem_accept:
    seq:
      - id: parcel
        type: u4
        valid:
          expr: _io.size >= 24
      - id: mem_type
        type: u1
      - id: trans_type
        type: u1
        doc: 0 donate, 1 lend, 2 share.
      - id: flags
        type: u1
        doc: Bits 0 to 2 check sanitised, lists, label; 3 map for another VM; 4 contiguous; 5 zero at reclaim; 7 done.
      - id: reserved
        type: u1
      - id: label
        type: u4
      - id: acl
        type: common::acl_list
      - id: sgl
        type: mapping_list(not _io.eof)
      - id: attributes
        type: common::attribute_list
    instances:
      map_vmid:
        value: 'sgl.is_present ? sgl.body.map_vmid : 0'
  mapping_list:
    doc: Where to map, and for whom. The only list whose count word has a meaning in its upper half.
    params:
      - id: is_present
        type: bool
    seq:
      - id: body
        type: mapping_list_body
        if: is_present
  mapping_list_body:
    seq:
      - id: num_entries
        type: u2
        valid:
          expr: _ <= 512 and _ * 16 + 2 <= _io.size - _io.pos
      - id: map_vmid
        type: u2
      - id: entries
        type: common::sgl_entry
        repeat: expr
        repeat-expr: num_entries
  mem_accept_reply:
    doc: Absent when the request said where to map; otherwise the addresses the Resource Manager chose.
    seq:
      - id: chosen
        type: mapping
        if: _io.size > 0
    types:
      mapping:
        seq:
          - id: num_entries
            type: u2
            valid:
              expr: _ <= 512 and _ * 16 + 2 <= _io.size - _io.pos
          - id: flags
            type: u1
            doc: Bit 0 more addresses are to be allocated by another request.
          - id: reserved
            type: u1
          - id: sgl
            type: common::sgl_entry
            repeat: expr
            repeat-expr: num_entries
  mem_give_back:
    doc: MEM_RELEASE by a recipient and MEM_RECLAIM by the owner. What follows the eighth byte is not looked at.
    seq:
      - id: parcel
        type: u4
      - id: flags
        type: u1
        doc: Bit 0 zero the memory.
      - id: reserved0
        size: 3
      - id: reserved_rest
        size-eos: true
  mem_notify:
    doc: Only SHARED (1) and RECALL (8) name VMs. Bytes after what is read are not looked at.
    seq:
      - id: parcel
        type: u4
      - id: flags
        type: u1
        doc: 1 SHARED, 2 RELEASED, 4 ACCEPTED, 8 RECALL.
      - id: reserved0
        size: 3
      - id: tag
        type: u4
      - id: vmids
        type: common::vmid_list(flags == 1 or flags == 8)
      - id: reserved_rest
        size-eos: true
  mem_qcom_lookup_sgl:
    seq:
      - id: mem_type
        type: u1
        valid:
          expr: _io.size >= 16
      - id: reserved
        size: 3
      - id: label
        type: u4
      - id: acl
        type: common::acl_list
      - id: sgl
        type: common::sgl_list
      - id: attributes
        type: common::attribute_list
  mem_shared:
    doc: To a recipient. Sizes of the regions only, no addresses of the owner. All three lists are always there.
    seq:
      - id: parcel
        type: u4
        valid:
          expr: _io.size >= 32
      - id: mem_type
        type: u1
      - id: trans_type
        type: u1
      - id: flags
        type: u1
        doc: Bit 0 the memory was zeroed when the parcel was made.
      - id: reserved0
        type: u1
      - id: owner
        type: u2
      - id: reserved1
        type: u2
      - id: label
        type: u4
      - id: tag
        type: u4
      - id: acl
        type: common::acl_list_body
      - id: sizes
        type: size_list
      - id: attributes
        type: common::attribute_list_body
    types:
      size_list:
        seq:
          - id: num_entries
            type: u2
            valid:
              expr: _ <= 512 and _ * 8 + 2 <= _io.size - _io.pos
          - id: reserved
            type: u2
          - id: entries
            type: common::size_entry
            repeat: expr
            repeat-expr: num_entries
  mem_recipient_event:
    doc: MEM_RELEASED and MEM_ACCEPTED, to the owner.
    seq:
      - id: parcel
        type: u4
      - id: vmid
        type: u2
        doc: The recipient.
      - id: reserved
        type: u2
      - id: tag
        type: u4
  mem_recall:
    seq:
      - id: parcel
        type: u4
      - id: tag
        type: u4
