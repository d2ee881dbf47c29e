meta:
  id: vm_lifecycle
  title: Creation, start, stop and end of VMs
  license: MIT
  ks-version: 0.11
  endian: le
  imports:
    - common
doc-ref: 'RM: vm_mgnt.c, vm_creation.c and their message headers; Linux v17: rsc_mgr_rpc.c'
types:
  vm_allocate_reply:
    doc: A VMID only when the request left the choice to the Resource Manager.
    seq:
      - id: chosen
        type: common::vmid_half
        if: _io.size > 0
  vm_config_image:
    seq:
      - id: vmid
        type: u2
      - id: auth
        type: u2
        doc: 0 none, 1 platform, 2 Android.
      - id: parcel
        type: u4
      - id: image_offset
        type: u8
      - id: image_size
        type: u8
      - id: dtb_offset
        type: u8
      - id: dtb_size
        type: u8
        doc: With the room the Resource Manager may use for its overlay.
  vm_auth_image:
    seq:
      - id: vmid
        type: u2
      - id: num_parameters
        type: u2
        valid:
          expr: _ * 8 <= _io.size - _io.pos
      - id: parameters
        type: parameter
        repeat: expr
        repeat-expr: num_parameters
    types:
      parameter:
        seq:
          - id: type
            type: u4
            doc: 0 peripheral authentication id.
          - id: value
            type: u4
  vm_init:
    doc: The only request of a VMID alone whose other half has to be zero.
    seq:
      - id: vmid
        type: u2
      - id: reserved
        type: u2
        valid: 0
  vm_stop:
    seq:
      - id: vmid
        type: u2
      - id: flags
        type: u1
        doc: Bit 0 at once, without asking the VM.
      - id: reserved
        type: u1
      - id: reason
        type: u4
        doc: 0 shutdown, 1 restart, 2 crash, 3 forced stop.
  vm_exit:
    doc: Sent by a VM about itself. The Resource Manager knows codes 0, 1, 3 and 4; another value is no matter of layout.
    seq:
      - id: flags
        type: u2
        doc: Bit 0 asks for a restart.
      - id: code
        type: u1
      - id: reserved
        type: u1
        valid: 0
  vm_exited:
    seq:
      - id: vmid
        type: u2
      - id: type
        type: u2
        doc: |
          0 VM_EXIT, 1 power off, 2 reset, 3 PSCI SYSTEM_RESET2, 4 watchdog, 5 software error, 6 asynchronous hardware error,
          7 forced stop.
      - id: len_reason
        type: u4
        valid:
          expr: _ <= _io.size - _io.pos
      - id: reason
        size: len_reason
        doc: Words; the first one is exit flags in its low and exit code in its high half.
  vm_shutdown:
    seq:
      - id: reason
        type: u4
        doc: As in VM_STOP.
  vm_status:
    seq:
      - id: vmid
        type: u2
      - id: reserved
        type: u2
      - id: vm_state
        type: u1
        doc: |
          0 none, 1 INIT, 2 READY, 3 RUNNING, 4 PAUSED, 5 LOAD, 6 AUTH, 8 INIT_FAILED, 9 EXITED, 10 RESETTING, 11 RESET,
          12 DEFUNCT (newer drop).
      - id: os_state
        type: u1
      - id: app_status
        type: u2
