meta:
  id: common
  title: Parts that several Resource Manager messages share
  license: MIT
  ks-version: 0.11
  endian: le
doc: |
  A list on this link is a count word (low half: how many; high half: not looked at) and its entries. Where the Resource
  Manager reads lists one after another, a payload that ends before a count word has an empty list there; one to three bytes
  in its place, more than 512 entries, or entries that do not fit make the request malformed.
  The count is compared with the bytes that are left before an entry is read, so no count can ask for more than was sent.
  Ids that begin with `reserved`, `num_` or `len_` are no fields of a message, only part of how it is laid out.
doc-ref: 'RM: rm-rpc.c, memparcel.c, memparcel_msg.h'
types:
  nothing:
    doc: A message that has no payload.
    seq: []
  opaque:
    doc: A payload of which no layout is public.
    seq:
      - id: payload
        size-eos: true
  vmid_half:
    doc: A VMID in the low half of a word.
    seq:
      - id: vmid
        type: u2
      - id: reserved
        type: u2
  acl_entry:
    seq:
      - id: vmid
        type: u2
      - id: rights
        type: u1
        doc: Bit 0 execute, bit 1 write, bit 2 read.
      - id: reserved
        type: u1
  sgl_entry:
    seq:
      - id: address
        type: u8
        doc: Start of the range in the address space of the VM that sends or is told it.
      - id: size
        type: u8
  size_entry:
    seq:
      - id: size
        type: u8
  attribute_entry:
    doc: The attribute comes first here; in an access list the VMID does.
    seq:
      - id: attribute
        type: u2
        doc: 0 normal, 1 device, 2 uncached, 3 cached.
      - id: vmid
        type: u2
  acl_list:
    seq:
      - id: body
        type: acl_list_body
        if: not _io.eof
  acl_list_body:
    seq:
      - id: num_entries
        type: u2
        valid:
          expr: _ <= 512 and _ * 4 + 2 <= _io.size - _io.pos
      - id: reserved
        type: u2
      - id: entries
        type: acl_entry
        repeat: expr
        repeat-expr: num_entries
  sgl_list:
    seq:
      - id: body
        type: sgl_list_body
        if: not _io.eof
  sgl_list_body:
    seq:
      - id: num_entries
        type: u2
        valid:
          expr: _ <= 512 and _ * 16 + 2 <= _io.size - _io.pos
      - id: reserved
        type: u2
      - id: entries
        type: sgl_entry
        repeat: expr
        repeat-expr: num_entries
  attribute_list:
    seq:
      - id: body
        type: attribute_list_body
        if: not _io.eof
  attribute_list_body:
    seq:
      - id: num_entries
        type: u2
        valid:
          expr: _ <= 512 and _ * 4 + 2 <= _io.size - _io.pos
      - id: reserved
        type: u2
      - id: entries
        type: attribute_entry
        repeat: expr
        repeat-expr: num_entries
  vmid_list:
    doc: |
      Whom to notify. Read by code of its own in each message, without the limit of 512; `is_present` says whether the message
      has the list at all.
    params:
      - id: is_present
        type: bool
    seq:
      - id: body
        type: vmid_list_body
        if: is_present
  vmid_list_body:
    seq:
      - id: num_entries
        type: u2
        valid:
          expr: _ * 4 + 2 <= _io.size - _io.pos
      - id: reserved
        type: u2
      - id: entries
        type: vmid_half
        repeat: expr
        repeat-expr: num_entries
  zero_padding:
    doc: Zero bytes after `len_before` bytes of text, to the next multiple of four.
    params:
      - id: len_before
        type: u4
    seq:
      - id: reserved
        type: u1
        valid: 0
        repeat: expr
        repeat-expr: (4 - len_before % 4) % 4
