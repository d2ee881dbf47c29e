meta:
  id: gunyah_rm_payload
  title: Payload of a Gunyah Resource Manager message
  license: MIT
  ks-version: 0.11
  endian: le
  imports:
    - common
    - memparcel
    - vm_lifecycle
    - vm_queries
    - vm_settings
    - vm_irq
    - vm_console
    - heap
    - device
    - diagnostics
doc: |
  What follows the packet headers, joined; in a reply that says OK, what follows the error word. Requests are accepted when the
  Resource Manager (either public drop, or both) would not call them malformed for their shape: length, lists, padding, and
  reserved parts it insists on. Numbers it refuses for their value are accepted here. Replies and notifications have to have
  exactly the layout they are sent with.
  Ids without a known layout, and unknown ids, carry bytes.
doc-ref: 'RM: vm_mgnt_message.h, memparcel_msg.h, vm_creation_message.h and the handlers; Linux v17: rsc_mgr_rpc.c'
params:
  - id: msg_id
    type: u4
  - id: is_reply
    type: bool
seq:
  - id: message
    if: not is_reply
    type:
      switch-on: msg_id
      cases:
        # diagnostics
        0x00000005: diagnostics::get_log
        0x56000040: diagnostics::minidump_get_info
        0x56000041: diagnostics::minidump_register_range
        0x56000042: diagnostics::minidump_slot
        0x56000043: diagnostics::minidump_get_slot_number
        # memory
        0x51000010: memparcel::mem_create
        0x51000011: memparcel::mem_accept
        0x51000012: memparcel::mem_create
        0x51000013: memparcel::mem_create
        0x51000014: memparcel::mem_give_back
        0x51000015: memparcel::mem_give_back
        0x51000017: memparcel::mem_notify
        0x51000018: memparcel::mem_append
        0x5100001a: memparcel::mem_qcom_lookup_sgl
        0x51100011: memparcel::mem_shared
        0x51100012: memparcel::mem_recipient_event
        0x51100013: memparcel::mem_recipient_event
        0x51100014: memparcel::mem_recall
        # firmware
        0x51000020: common::nothing
        0x51000021: vm_settings::fw_set_vm_firmware
        # heaps
        0x51000032: heap::heap_memory
        0x51000033: heap::heap_memory
        0x51000034: heap::heap_query
        # creation and life
        0x56000001: common::vmid_half
        0x56000002: common::vmid_half
        0x56000004: common::vmid_half
        0x56000005: vm_lifecycle::vm_stop
        0x56000006: common::vmid_half
        0x56000009: vm_lifecycle::vm_config_image
        0x5600000a: vm_lifecycle::vm_auth_image
        0x5600000b: vm_lifecycle::vm_init
        0x56000085: vm_lifecycle::vm_exit
        0x56100001: vm_lifecycle::vm_exited
        0x56100002: vm_lifecycle::vm_shutdown
        0x56100008: vm_lifecycle::vm_status
        # queries
        0x56000010: common::vmid_half
        0x56000011: vm_queries::vm_lookup_text
        0x56000012: vm_queries::vm_lookup_guid
        0x56000013: vm_queries::vm_lookup_text
        0x56000015: common::nothing
        0x56000017: common::vmid_half
        0x56000019: common::vmid_half
        0x56000020: common::vmid_half
        0x56000024: common::nothing
        0x56000025: common::nothing
        0x56000080: vm_queries::vm_set_status
        0x56000086: vm_queries::crash_msg
        0x560000a0: common::nothing
        # settings
        0x5600000c: vm_settings::vm_set_boot_context
        0x56000030: vm_settings::vm_set_time_base
        0x56000031: vm_settings::vm_set_boot_context
        0x56000032: vm_settings::vm_set_firmware_mem
        0x56000033: vm_settings::vm_set_demand_paging
        0x56000034: vm_settings::vm_set_address_layout
        0x56000035: vm_settings::vm_set_debug
        0x560000b0: vm_settings::ipa_reserve
        # interrupts
        0x56000050: vm_irq::vm_irq_accept
        0x56000051: vm_irq::vm_irq_lend
        0x56000052: vm_irq::vm_irq_handle
        0x56000053: vm_irq::vm_irq_handle
        0x56000054: vm_irq::vm_irq_notify
        0x56100011: vm_irq::vm_irq_lent
        0x56100012: vm_irq::vm_irq_handle
        0x56100013: vm_irq::vm_irq_handle
        # devices
        0x56000060: device::device_accept
        0x56000061: device::device_offer
        0x56000062: device::device_with_flags
        0x56000063: device::device_with_flags
        0x56000064: device::device_notify
        0x56000065: device::resource_descriptor
        0x56000066: device::device_with_flags
        0x56000067: device::device_bus
        0x56000068: device::device_bus
        0x56000069: device::device_offer
        0x56100060: device::device_event
        0x56100061: device::device_event
        0x56100062: device::device_handle
        0x56100063: device::device_event
        0x56100064: device::device_event
        # consoles
        0x56000081: vm_console::vm_console_target
        0x56000082: vm_console::vm_console_target
        0x56000083: vm_console::vm_console_write
        0x56000084: vm_console::vm_console_target
        0x56100080: vm_console::vm_console_chars
        _: common::opaque
  - id: reply
    if: is_reply
    type:
      switch-on: msg_id
      cases:
        # diagnostics
        0x00000005: diagnostics::get_log_reply
        0x56000040: diagnostics::minidump_slot
        0x56000041: diagnostics::minidump_slot
        0x56000042: common::nothing
        0x56000043: diagnostics::minidump_slot
        # memory
        0x51000010: memparcel::mem_handle_reply
        0x51000011: memparcel::mem_accept_reply
        0x51000012: memparcel::mem_handle_reply
        0x51000013: memparcel::mem_handle_reply
        0x51000014: common::nothing
        0x51000015: common::nothing
        0x51000017: common::nothing
        0x51000018: common::nothing
        0x5100001a: memparcel::mem_handle_reply
        # firmware
        0x51000020: common::nothing
        0x51000021: common::nothing
        # heaps
        0x51000032: common::nothing
        0x51000033: common::nothing
        0x51000034: heap::heap_query_reply
        # creation and life
        0x56000001: vm_lifecycle::vm_allocate_reply
        0x56000002: common::nothing
        0x56000004: common::nothing
        0x56000005: common::nothing
        0x56000006: common::nothing
        0x56000009: common::nothing
        0x5600000a: common::nothing
        0x5600000b: common::nothing
        0x56000085: common::nothing
        # queries
        0x56000010: vm_queries::vm_get_id_reply
        0x56000011: vm_queries::vmids_reply
        0x56000012: vm_queries::vmids_reply
        0x56000013: vm_queries::vmids_reply
        0x56000015: common::vmid_half
        0x56000017: vm_queries::vm_get_state_reply
        0x56000019: vm_queries::crash_msg
        0x56000020: vm_queries::vm_get_hyp_resources_reply
        0x56000024: common::vmid_half
        0x56000025: vm_queries::vmids_reply
        0x56000080: common::nothing
        0x56000086: common::nothing
        0x560000a0: vm_queries::vm_host_get_type_reply
        # settings
        0x5600000c: common::nothing
        0x56000030: common::nothing
        0x56000031: common::nothing
        0x56000032: common::nothing
        0x56000033: common::nothing
        0x56000034: common::nothing
        0x56000035: common::nothing
        0x560000b0: vm_settings::ipa_reserve_reply
        # interrupts
        0x56000050: vm_irq::vm_irq_number
        0x56000051: vm_irq::vm_irq_handle
        0x56000052: common::nothing
        0x56000053: common::nothing
        0x56000054: common::nothing
        # devices
        0x56000060: common::nothing
        0x56000061: common::nothing
        0x56000062: common::nothing
        0x56000063: common::nothing
        0x56000064: common::nothing
        0x56000065: device::device_handle
        0x56000066: device::device_get_resources_reply
        0x56000067: common::nothing
        0x56000068: common::nothing
        0x56000069: common::nothing
        # consoles
        0x56000081: common::nothing
        0x56000082: common::nothing
        0x56000083: common::nothing
        0x56000084: common::nothing
        _: common::opaque
  - id: reserved_end
    size: 0
    valid:
      expr: _io.eof
    doc: No byte; the place where leftovers are refused. Messages that tolerate them have taken them in by now.
