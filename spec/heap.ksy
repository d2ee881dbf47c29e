meta:
  id: heap
  title: Memory for the heaps of hypervisor and Resource Manager
  license: MIT
  ks-version: 0.11
  endian: le
doc-ref: 'RM (newer): heap_mgnt.c'
types:
  heap_memory:
    doc: HEAP_ADD_MEMORY and HEAP_REMOVE_MEMORY.
    seq:
      - id: heap
        type: u4
        doc: 0 the hypervisor's, 1 the Resource Manager's.
      - id: reserved
        type: u4
      - id: parcel
        type: u4
  heap_query:
    seq:
      - id: heap
        type: u4
      - id: query
        type: u1
        doc: 1 which parcels are free, 2 statistics.
      - id: reserved
        size: 3
  heap_query_reply:
    doc: |
      The request says which of two layouts the reply has, the reply itself does not. A list is taken for one when its count word
      fits its size exactly; anything else has to be statistics. Statistics that read as a list would need a total of 7 modulo 2^32.
    seq:
      - id: list
        type: free_parcels
        if: is_list
      - id: amounts
        type: statistics
        if: not is_list
    instances:
      num_first:
        pos: 0
        type: u4
      is_list:
        value: _io.size >= 4 and _io.size % 4 == 0 and num_first == _io.size / 4 - 1
    types:
      free_parcels:
        seq:
          - id: num_parcels
            type: u4
          - id: parcels
            type: parcel_entry
            repeat: expr
            repeat-expr: num_parcels
      parcel_entry:
        seq:
          - id: parcel
            type: u4
      statistics:
        seq:
          - id: total
            type: u8
          - id: allocated
            type: u8
          - id: reserved
            type: u8
            doc: A field, in spite of its name.
          - id: largest_free
            type: u8
