meta:
  id: gunyah_rm_reply
  title: Content of a reply of the Gunyah Resource Manager
  license: MIT
  ks-version: 0.11
  endian: le
  imports:
    - gunyah_rm_payload
doc: |
  The joined content of a reply: the error word, then a payload that is a request's own only when the error is 0. An error comes
  alone, except for two requests of the 12/2023 Resource Manager that append one word with the hypervisor's error number.
doc-ref: 'RM: rm-rpc.c, resource-manager.c, vm_mgnt.c'
params:
  - id: msg_id
    type: u4
seq:
  - id: error
    type: u4
    doc: 0 is OK.
  - id: payload
    if: error == 0
    type: gunyah_rm_payload(msg_id, true)
    size-eos: true
  - id: detail
    if: error != 0 and has_detail
    type: u4
  - id: extra
    if: error != 0 and not _io.eof
    size-eos: true
    doc: Nothing public sends this; no receiver refuses it.
instances:
  has_detail:
    value: (msg_id == 0x56000030 or msg_id == 0x56000032) and _io.size == 8
