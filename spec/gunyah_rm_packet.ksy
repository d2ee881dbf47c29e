meta:
  id: gunyah_rm_packet
  title: One packet of the Gunyah Resource Manager's RPC link
  license: MIT
  ks-version: 0.11
  endian: le
  bit-endian: le
doc: |
  What one hypervisor queue message carries: eight header bytes and up to 232 bytes of content. A message of more content is
  several packets that repeat the header (only the type differs: the first says what the message is, the others say
  continuation); its content is theirs joined in order. Content of a request or notification is its payload; content of a
  reply is the error word and then the payload.
  A packet that breaks one of the rules here is dropped by the Resource Manager without an answer.
doc-ref: 'RM: rm-rpc.c, rm-rpc.h; Linux v17: rsc_mgr.c'
seq:
  - id: version
    type: b4
    valid:
      expr: _ == 1 and _io.size <= 240
    doc: Version of the RPC header. Also the place where the largest packet is enforced, 240 bytes.
  - id: header_words
    type: b4
    valid: 2
    doc: Size of this header in 32-bit words.
  - id: type
    type: b2
    doc: 0 continuation, 1 request, 2 reply, 3 notification.
  - id: fragments
    type: b6
    valid:
      max: 62
    doc: How many continuations follow the first packet; the same number in every packet of the message.
  - id: sequence
    type: u2
    doc: Chosen by whoever sends the request, given back in the reply. Of no meaning in notifications.
  - id: id
    type: u4
    doc: Which message this is; a reply repeats the id of its request.
  - id: content
    size-eos: true
