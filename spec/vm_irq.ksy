meta:
  id: vm_irq
  title: Lending of interrupts
  license: MIT
  ks-version: 0.11
  endian: le
  imports:
    - common
doc-ref: 'RM: irq_manager.c, irq_message.h'
types:
  vm_irq_accept:
    seq:
      - id: irq
        type: u4
        doc: Handle of the lent interrupt.
      - id: virq
        type: u4
        doc: The number wanted; all ones leaves the choice to the Resource Manager.
  vm_irq_number:
    doc: Reply of VM_IRQ_ACCEPT.
    seq:
      - id: virq
        type: u4
  vm_irq_lend:
    seq:
      - id: borrower
        type: u2
      - id: reserved
        type: u2
      - id: virq
        type: u4
      - id: label
        type: u4
  vm_irq_handle:
    doc: VM_IRQ_RELEASE, VM_IRQ_RECLAIM, the reply of VM_IRQ_LEND, and what RELEASED and ACCEPTED notify.
    seq:
      - id: irq
        type: u4
  vm_irq_notify:
    doc: LENT (1) may name VMs; every other value has to end after the flags.
    seq:
      - id: irq
        type: u4
      - id: flags
        type: u4
        doc: 1 LENT, 2 RELEASED, 4 ACCEPTED.
      - id: vmids
        type: common::vmid_list(flags == 1 and not _io.eof)
  vm_irq_lent:
    seq:
      - id: owner
        type: u2
      - id: reserved
        type: u2
      - id: irq
        type: u4
      - id: label
        type: u4
