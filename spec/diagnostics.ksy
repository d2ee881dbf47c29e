meta:
  id: diagnostics
  title: Log and minidump
  license: MIT
  ks-version: 0.11
  endian: le
doc: No public Resource Manager handles the minidump requests; their layout is what a downstream Linux driver sends and expects.
doc-ref: 'RM (newer): log.c; downstream Linux: gh_rm_iface.c, gh_rm_drv_private.h'
types:
  get_log:
    seq:
      - id: log
        type: u2
        doc: 0 the Resource Manager's.
      - id: reserved
        type: u2
  get_log_reply:
    seq:
      - id: address
        type: u8
      - id: size
        type: u8
  minidump_get_info:
    seq:
      - id: reserved
        type: u4
  minidump_slot:
    doc: Every minidump reply but the last, and the request of MINIDUMP_DEREGISTER_SLOT. Of MINIDUMP_GET_INFO it is how many are free.
    seq:
      - id: slot
        type: u2
      - id: reserved
        type: u2
  minidump_register_range:
    seq:
      - id: base
        type: u8
      - id: size
        type: u8
      - id: len_name
        type: u1
      - id: reserved_name_offset
        type: u1
        doc: The driver writes 28 although the name begins at 20.
      - id: reserved
        type: u2
      - id: name
        size: len_name
  minidump_get_slot_number:
    seq:
      - id: len_name
        type: u1
      - id: reserved0
        size: 3
      - id: first_slot
        type: u2
      - id: reserved1
        type: u2
      - id: name
        size: len_name
