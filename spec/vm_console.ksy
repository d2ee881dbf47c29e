meta:
  id: vm_console
  title: Consoles of VMs
  license: MIT
  ks-version: 0.11
  endian: le
doc-ref: 'RM: vm_console_simple.c, vm_console_message.h'
types:
  vm_console_target:
    doc: VM_CONSOLE_OPEN, VM_CONSOLE_CLOSE and VM_CONSOLE_FLUSH.
    seq:
      - id: target
        type: u2
        doc: The VM whose console it is, 0 for one's own.
      - id: reserved
        type: u2
  vm_console_write:
    doc: Text here has no padding.
    seq:
      - id: target
        type: u2
      - id: len_text
        type: u2
      - id: text
        size: len_text
  vm_console_chars:
    seq:
      - id: from
        type: u2
        doc: The VM that wrote, 0 when its owner did.
      - id: len_text
        type: u2
      - id: text
        size: len_text
