-- Wireshark dissector for the RPC between virtual machines and Gunyah's Resource Manager (RM), in captures of link type 147 (USER0)
-- with one interface per VM, named "vm0x<vmid>", as `rmstack boot --trace` writes them. See README.md next to this file.
--
-- Parts: names of values; the layouts as a table; the fields, made from the table; a decoder that walks the table; the sequential
-- analysis (fragments, requests and replies); the dissector. The layouts are stated here a third time, on purpose and from the public
-- sources only: that a second reader of the same bytes agrees with src/Protocol is worth something only if it shares nothing with it.

local rm = Proto("gunyah_rm", "Gunyah Resource Manager RPC")

local HEADER, PACKET, FIRST_BYTE = 8, 240, 0x21
local CONTINUATION, REQUEST, REPLY, NOTIFICATION = 0, 1, 2, 3
local KINDS = { [0] = "continuation", "request", "reply", "notification" }
local LIST_LIMIT = 512

-- ---------------------------------------------------------------------------------------------------------------- names of values

local ERRORS = {
  [0] = "OK", "NOMEM", "NORESOURCE", "DENIED", "MSG_INVALID", "BUSY", "ARGUMENT_INVALID", "HANDLE_INVALID", "VALIDATE_FAILED",
  "MAP_FAILED", "MEM_INVALID", "MEM_INUSE", "MEM_RELEASED", "VMID_INVALID", "LOOKUP_FAILED", "IRQ_INVALID", "IRQ_INUSE", "IRQ_RELEASED",
  "IN_USE", "IRQ_NOT_MAPPED", "VM_STATE", "HYP_NOMEM", "RM_NOMEM", [0xffffffff] = "UNIMPLEMENTED",
}

-- Enumerations by value; flags (the second table) by bit.
local ENUMS = {
  auth = { [0] = "none", "platform", "android" },
  auth_parameter = { [0] = "pas" },
  stop = { [0] = "shutdown", "restart", "crash", "force-stop" },
  exit_code = { [0] = "normal", "software-error", "unknown", "bus-error", "device-error" },
  exit_type = {
    [0] = "VM_EXIT", "PLATFORM_OFF", "PLATFORM_RESET", "PSCI_SYSTEM_RESET2", "WATCHDOG_BITE", "SOFTWARE_ERROR", "ASYNC_HW_ERROR", "FORCED_STOP",
  },
  vm_state = {
    [0] = "NONE", "INIT", "READY", "RUNNING", "PAUSED", "LOAD", "AUTH", [8] = "INIT_FAILED", [9] = "EXITED", [10] = "RESETTING",
    [11] = "RESET", [12] = "DEFUNCT",
  },
  os_state = { [0] = "NONE", "EARLY_BOOT", "BOOT", "INIT", "RUN", "SHUTDOWN", "HALTED", "CRASHED" },
  id_type = { [0] = "GUID", "URI", "NAME", "SIGN_AUTH" },
  architecture = { [0x64] = "AArch64" },
  hypervisor = { [1] = "Gunyah with RM" },
  resource = {
    [0] = "DOORBELL_SRC", "DOORBELL", "MSG_QUEUE_SEND", "MSG_QUEUE_RECV", "VIRTUAL_CPU", "VIRTUAL_PM", "VIRTIO_MMIO", "VRTC", "WATCHDOG",
    "MEMORY_EXTENT", "ADDRESS_SPACE", "HEAP",
  },
  mem_type = { [0] = "normal", "io" },
  trans_type = { [0] = "donate", "lend", "share" },
  rights = { [0] = "none", "X", "W", "WX", "R", "RX", "RW", "RWX" },
  attribute = { [0] = "normal", "device", "uncached", "cached" },
  mem_notify = { [1] = "shared", [2] = "released", [4] = "accepted", [8] = "recall" },
  irq_notify = { [1] = "lent", [2] = "released", [4] = "accepted" },
  device_notify = { [1] = "donated", [2] = "lent", [4] = "released", [8] = "accepted", [16] = "recall" },
  register_set = { [0] = "x", "pc", "sp" },
  range = { [0] = "image", "firmware" },
  ipa_kind = { [0] = "fixed", "allocate" },
  heap = { [0] = "root", "rm" },
  heap_query = { [1] = "free", [2] = "statistics" },
  device = { [1] = "mmio", [2] = "irq", [3] = "iommu", [4] = "msi" },
}
local FLAGS = {
  stop_flags = { [0] = "force" },
  exit_flags = { [0] = "restart", [15] = "call64" },
  create_flags = { [0] = "sanitize", "append" },
  append_flags = { [0] = "done" },
  accept_flags = { [0] = "validate-sanitized", "validate-acl-attr", "validate-label", "map-other", "map-contiguous", "sanitize", [7] = "done" },
  accept_reply_flags = { [0] = "incomplete" },
  sanitize_flags = { [0] = "sanitize" },
  shared_flags = { [0] = "sanitized" },
  firmware_flags = { [1] = "config" },
  constraints = { [0] = "ecc", "tagged", "normal", "io", "owner-visible", "bus-visible", "base-memory" },
  device_flags = { [0] = "reset", "bind" },
  physical_flags = { [0] = "physical" },
}

-- ------------------------------------------------------------------------------------------------------------------------ layouts

-- A layout is a line of words, read from left to right over the payload (for replies: over what follows the error word):
--   name.N[:set]     a little-endian number of N bytes; the set names its values
--   -N               N reserved bytes
--   !N               N reserved bytes that the RM insists on being zero
--   n<=N             the number counted as n is at most N
--   $n.N             a number that only says how much follows
--   name=n           bytes: n as counted, or a number of them, or * for all that is left; name"=n the same as text
--   name=n(sub)      bytes with a layout of their own, as far as they go
--   pad              zero bytes up to a multiple of four
--   name*n[:entry]   n entries; the entry's layout is that of ENTRIES[entry or name]
--   @name[:field]    a memory list: nothing at all, or u16 count, u16 0 (or a field), entries
--   >N               the payload has at least N bytes
--   ?                the payload may end here
--   ~                from here on missing bytes count as zero
--   ...              whatever follows is tolerated
-- Instead of a line: a function of (fields read by the request, payload length, reader of a u32 at an offset) that gives one.
local ENTRIES = {
  acl = "vmid.2:vmid rights.1:rights -1",
  sgl = "address.8 size.8",
  attributes = "attribute.2:attribute vmid.2:vmid",
  vmids = "vmid.2:vmid -2",
  sizes = "size.8",
  parameters = "type.4:auth_parameter value.4",
  ids = "type.1:id_type -1 $k.2 data=k pad",
  resources = "type.1:resource -1 partner.2:vmid handle.4 label.4 cap.8 virq_handle.4 virq.4 base.8 size.8",
  device_resources = "type.1:device -3 data0.4 data1.4 data2.4",
  ranges = "address.8 size.8",
  allocations = "base.8 limit.8 size.8 alignment.8",
  addresses = "address.8",
  parcels = "parcel.4",
}
local SUBS = { exit = "exit_flags.2:exit_flags exit_code.2:exit_code ? reset_type.4 cookie.8 ..." }

local VM = "vmid.2:vmid -2"
local VMIDS = "$n.4 vmids*n"
local TEXT = "$n.2 -2 %s\"=n pad"
local NAME = "$n.2 n<=79 -2 name\"=n pad"
local LEND = ">20 mem_type.1:mem_type -1 flags.1:create_flags -1 label.4 @acl @sgl @attributes"
local DETAIL = "detail.4 ..."
local CONSOLE = "target.2:vmid -2"
local DEVICE = "device.4 flags.1:device_flags !3"
local DEVICE_EVENT = "vmid.2:vmid -2 device.4"
local BOOT_CONTEXT = "vmid.2:vmid register_set.1:register_set index.1 !4 value.8"

local function ipa_reserve(_, length, u32)
  if length > 0 and u32(0) % 256 > 1 then return "kind.1:ipa_kind unknown" end
  local head = "kind.1:ipa_kind -3 constraints.4:constraints platform_constraints.4 $n.2 -2 "
  return head .. (length > 0 and u32(0) % 256 == 1 and "allocations*n" or "ranges*n")
end

local function mem_notify(_, length, u32)
  local flags = length >= 8 and u32(4) % 256 or 0
  return "parcel.4 flags.1:mem_notify -3 tag.4 " .. ((flags == 1 or flags == 8) and "$n.2 -2 vmids*n ..." or "...")
end

local function irq_notify(_, length, u32)
  return "irq.4 flags.4:irq_notify" .. (length >= 8 and u32(4) == 1 and " ? $n.2 -2 vmids*n" or "")
end

local function heap_query_reply(request, length, u32)
  local list = request and request.query == 1 or not request and length >= 4 and length == 4 + 4 * u32(0)
  return list and "$n.4 parcels*n" or "total.8 allocated.8 reserved.8 largest_free.8"
end

-- Requests: id, name, payload, payload of the OK reply, what may follow the error word of other replies. No payload: not public.
local REQUESTS = {
  { 0x00000001, "GET_IDENT" },
  { 0x00000002, "GET_FEATURES" },
  { 0x00000005, "GET_LOG", "log.2 -2", "address.8 size.8" },
  { 0x51000010, "MEM_DONATE", LEND, "parcel.4" },
  { 0x51000011, "MEM_ACCEPT",
    ">24 parcel.4 mem_type.1:mem_type trans_type.1:trans_type flags.1:accept_flags -1 label.4 @acl @sgl:map_vmid @attributes",
    "? $n.2 flags.1:accept_reply_flags -1 sgl*n" },
  { 0x51000012, "MEM_LEND", LEND, "parcel.4" },
  { 0x51000013, "MEM_SHARE", LEND, "parcel.4" },
  { 0x51000014, "MEM_RELEASE", "parcel.4 flags.1:sanitize_flags -3 ...", "" },
  { 0x51000015, "MEM_RECLAIM", "parcel.4 flags.1:sanitize_flags -3 ...", "" },
  { 0x51000017, "MEM_NOTIFY", mem_notify, "" },
  { 0x51000018, "MEM_APPEND", ">12 parcel.4 flags.1:append_flags -3 @sgl", "" },
  { 0x5100001a, "MEM_QCOM_LOOKUP_SGL", ">16 mem_type.1:mem_type -3 label.4 @acl @sgl @attributes", "parcel.4" },
  { 0x51000020, "FW_MILESTONE", "", "" },
  { 0x51000021, "FW_SET_VM_FIRMWARE", "~ auth.2:auth flags.2:firmware_flags parcel.4 offset.8 size.8 config_offset.8 config_size.8", "" },
  { 0x51000030, "HEAP_CREATE" },
  { 0x51000031, "HEAP_DELETE" },
  { 0x51000032, "HEAP_ADD_MEMORY", "heap.4:heap -4 parcel.4", "" },
  { 0x51000033, "HEAP_REMOVE_MEMORY", "heap.4:heap -4 parcel.4", "" },
  { 0x51000034, "HEAP_QUERY", "heap.4:heap query.1:heap_query -3", heap_query_reply },
  { 0x56000001, "VM_ALLOCATE", VM, "? vmid.2:vmid -2" },
  { 0x56000002, "VM_DEALLOCATE", VM, "" },
  { 0x56000004, "VM_START", VM, "" },
  { 0x56000005, "VM_STOP", "vmid.2:vmid flags.1:stop_flags -1 reason.4:stop", "" },
  { 0x56000006, "VM_RESET", VM, "" },
  { 0x56000007, "VM_SUSPEND" },
  { 0x56000008, "VM_RESUME" },
  { 0x56000009, "VM_CONFIG_IMAGE", "vmid.2:vmid auth.2:auth parcel.4 image_offset.8 image_size.8 dtb_offset.8 dtb_size.8", "" },
  { 0x5600000a, "VM_AUTH_IMAGE", "vmid.2:vmid $n.2 parameters*n", "" },
  { 0x5600000b, "VM_INIT", "vmid.2:vmid !2", "" },
  { 0x5600000c, "VM_SET_BOOT_CONTEXT_V15", BOOT_CONTEXT, "" },
  { 0x56000010, "VM_GET_ID", VM, "$n.4 ids*n" },
  { 0x56000011, "VM_LOOKUP_URI", NAME, VMIDS },
  { 0x56000012, "VM_LOOKUP_GUID", "guid=16", VMIDS },
  { 0x56000013, "VM_LOOKUP_NAME", NAME, VMIDS },
  { 0x56000015, "VM_GET_OWNER", "", VM },
  { 0x56000017, "VM_GET_STATE", VM, "vm_state.1:vm_state os_state.1:os_state app_status.2" },
  { 0x56000019, "VM_GET_CRASH_MSG", VM, TEXT:format("text") },
  { 0x56000020, "VM_GET_HYP_RESOURCES", VM, "$n.4 resources*n" },
  { 0x56000021, "VM_GET_HYP_CAPIDS" },
  { 0x56000022, "VM_GET_HYP_IRQS" },
  { 0x56000024, "VM_GET_VMID", "", VM },
  { 0x56000025, "VM_GET_PEERS", "", VMIDS },
  { 0x56000030, "VM_SET_TIME_BASE", "vmid.2:vmid -2 time.8 counter.8", "", DETAIL },
  { 0x56000031, "VM_SET_BOOT_CONTEXT", BOOT_CONTEXT, "" },
  { 0x56000032, "VM_SET_FIRMWARE_MEM", "vmid.2:vmid !2 parcel.4 offset.8 size.8", "", DETAIL },
  { 0x56000033, "VM_SET_DEMAND_PAGING", "vmid.2:vmid !2 $n.4 ranges*n ...", "" },
  { 0x56000034, "VM_SET_ADDRESS_LAYOUT", "vmid.2:vmid !2 range.4:range base.8 size.8", "" },
  { 0x56000035, "VM_SET_DEBUG", "vmid.2:vmid !1 enabled.1", "" },
  { 0x56000040, "MINIDUMP_GET_INFO", "-4", "slot.2 -2" },
  { 0x56000041, "MINIDUMP_REGISTER_RANGE", "base.8 size.8 $n.1 -1 -2 name\"=n", "slot.2 -2" },
  { 0x56000042, "MINIDUMP_DEREGISTER_SLOT", "slot.2 -2", "" },
  { 0x56000043, "MINIDUMP_GET_SLOT_NUMBER", "$n.1 -3 first_slot.2 -2 name\"=n", "slot.2 -2" },
  { 0x56000050, "VM_IRQ_ACCEPT", "irq.4 virq.4", "virq.4" },
  { 0x56000051, "VM_IRQ_LEND", "borrower.2:vmid -2 virq.4 label.4", "irq.4" },
  { 0x56000052, "VM_IRQ_RELEASE", "irq.4", "" },
  { 0x56000053, "VM_IRQ_RECLAIM", "irq.4", "" },
  { 0x56000054, "VM_IRQ_NOTIFY", irq_notify, "" },
  { 0x56000055, "VM_IRQ_UNMAP" },
  { 0x56000060, "DEVICE_ACCEPT", DEVICE .. " bus.4", "" },
  { 0x56000061, "DEVICE_LEND", "vmid.2:vmid flags.1:device_flags !1 device.4", "" },
  { 0x56000062, "DEVICE_RELEASE", DEVICE, "" },
  { 0x56000063, "DEVICE_RECLAIM", DEVICE, "" },
  { 0x56000064, "DEVICE_NOTIFY", "device.4 flags.1:device_notify !1 vmid.2:vmid ...", "" },
  { 0x56000065, "DEVICE_FIND_HANDLE", "resource_type.1:device -3 data0.4 data1.4 data2.4", "device.4" },
  { 0x56000066, "DEVICE_GET_RESOURCES", "device.4 flags.1:physical_flags !3", "$n.2 -2 resources*n:device_resources" },
  { 0x56000067, "DEVICE_BUS_LOCKDOWN", "bus.4", "" },
  { 0x56000068, "DEVICE_BUS_UNLOCK", "bus.4", "" },
  { 0x56000069, "DEVICE_DONATE", "vmid.2:vmid flags.1:device_flags !1 device.4", "" },
  { 0x56000080, "VM_SET_STATUS", "-1 os_state.1:os_state app_status.2", "" },
  { 0x56000081, "VM_CONSOLE_OPEN", CONSOLE, "" },
  { 0x56000082, "VM_CONSOLE_CLOSE", CONSOLE, "" },
  { 0x56000083, "VM_CONSOLE_WRITE", "target.2:vmid $n.2 text\"=n", "" },
  { 0x56000084, "VM_CONSOLE_FLUSH", CONSOLE, "" },
  { 0x56000085, "VM_EXIT", "flags.2:exit_flags code.1:exit_code !1", "" },
  { 0x56000086, "VM_SET_CRASH_MSG", TEXT:format("text"), "" },
  { 0x560000a0, "VM_HOST_GET_TYPE", "", "architecture.1:architecture hypervisor.1:hypervisor -1 version.1" },
  { 0x560000b0, "IPA_RESERVE", ipa_reserve, "? $n.4 addresses*n" },
  { 0x560000b1, "IPA_UNRESERVE" },
  { 0x56000100, "GET_LOG_ADDRESS" },
}
local NOTIFICATIONS = {
  { 0x51100011, "MEM_SHARED",
    ">32 parcel.4 mem_type.1:mem_type trans_type.1:trans_type flags.1:shared_flags -1 owner.2:vmid -2 label.4 tag.4 @acl @sizes @attributes" },
  { 0x51100012, "MEM_RELEASED", "parcel.4 vmid.2:vmid -2 tag.4" },
  { 0x51100013, "MEM_ACCEPTED", "parcel.4 vmid.2:vmid -2 tag.4" },
  { 0x51100014, "MEM_RECALL", "parcel.4 tag.4" },
  { 0x56100001, "VM_EXITED", "vmid.2:vmid exit_type.2:exit_type $n.4 exit_reason=n(exit)" },
  { 0x56100002, "VM_SHUTDOWN", "reason.4:stop" },
  { 0x56100008, "VM_STATUS", "vmid.2:vmid -2 vm_state.1:vm_state os_state.1:os_state app_status.2" },
  { 0x56100011, "VM_IRQ_LENT", "owner.2:vmid -2 irq.4 label.4" },
  { 0x56100012, "VM_IRQ_RELEASED", "irq.4" },
  { 0x56100013, "VM_IRQ_ACCEPTED", "irq.4" },
  { 0x56100060, "DEVICE_DONATED", DEVICE_EVENT },
  { 0x56100061, "DEVICE_LENT", DEVICE_EVENT },
  { 0x56100062, "DEVICE_RELEASED", "device.4" },
  { 0x56100063, "DEVICE_ACCEPTED", DEVICE_EVENT },
  { 0x56100064, "DEVICE_RECALL", DEVICE_EVENT },
  { 0x56100080, "VM_CONSOLE_CHARS", "from.2:vmid $n.2 text\"=n" },
}

-- -------------------------------------------------------------------------------------------------------- layouts and their fields

local fields, by_field = {}, {}

local function add_field(abbrev, make)
  if not by_field[abbrev] then
    by_field[abbrev] = make("gunyah_rm." .. abbrev:match("^[^#]*"))
    fields[#fields + 1] = by_field[abbrev]
  end
  return by_field[abbrev]
end

local function label(name) return (name:gsub("_", " ")) end

-- One filter name may have several sets of value names: the key after # tells them apart.
local function number_field(prefix, name, width, set)
  return add_field(prefix .. name .. "#" .. (set or "") .. (width > 4 and "64" or ""), function(abbrev)
    if width > 4 then return ProtoField.uint64(abbrev, label(name), base.HEX) end
    return ProtoField.uint32(abbrev, label(name), ENUMS[set or ""] and base.DEC or base.HEX, ENUMS[set or ""])
  end)
end

local compile

local function compile_word(word, prefix)
  if word == "pad" or word == "?" or word == "~" or word == "..." or word == "unknown" then return { op = word } end
  local n = word:match("^%-(%d+)$")
  if n then return { op = "skip", width = tonumber(n) } end
  n = word:match("^!(%d+)$")
  if n then return { op = "zero", width = tonumber(n) } end
  local limited, most = word:match("^(%w+)<=(%d+)$")
  if limited then return { op = "most", var = limited, most = tonumber(most) } end
  n = word:match("^>(%d+)$")
  if n then return { op = "least", width = tonumber(n) } end
  local var, width = word:match("^%$(%w+)%.(%d)$")
  if var then return { op = "count", var = var, width = tonumber(width) } end
  local name, upper = word:match("^@([%w_]+):?([%w_]*)$")
  if name then
    return {
      op = "memory list", name = name, entry = compile(ENTRIES[name], name .. "."), size = 0,
      field = add_field(prefix .. name, function(a) return ProtoField.none(a, label(name)) end),
      upper = upper ~= "" and { op = "number", name = upper, width = 2, set = "vmid", field = number_field(prefix, upper, 2, "vmid") } or nil,
    }
  end
  local count, entry
  name, count, entry = word:match("^([%w_]+)%*(%w+):?([%w_]*)$")
  if name then
    return {
      op = "list", name = name, var = count, entry = compile(ENTRIES[entry ~= "" and entry or name], name .. "."),
      field = add_field(prefix .. name, function(a) return ProtoField.none(a, label(name)) end),
    }
  end
  local quote, length, sub
  name, quote, length, sub = word:match("^([%w_]+)(\"?)=([%w*]+)%(?(%w*)%)?$")
  if name then
    return {
      op = "bytes", name = name, length = tonumber(length) or length, text = quote ~= "", sub = sub ~= "" and compile(SUBS[sub], prefix) or nil,
      field = add_field(prefix .. name, function(a) return ProtoField.bytes(a, label(name)) end),
    }
  end
  local set
  name, width, set = word:match("^([%w_]+)%.(%d):?([%w_]*)$")
  assert(name, "bad word in a layout: " .. word)
  set = set ~= "" and set or nil
  assert(not set or set == "vmid" or ENUMS[set] or FLAGS[set], "no such set: " .. word)
  return { op = "number", name = name, width = tonumber(width), set = set, field = number_field(prefix, name, tonumber(width), set) }
end

-- The size of an entry is known when all its parts have one.
local function size_of(layout)
  local size = 0
  for _, step in ipairs(layout) do
    if step.op ~= "number" and step.op ~= "skip" then return nil end
    size = size + step.width
  end
  return size
end

local compiled = {}

function compile(line, prefix)
  local key = prefix .. "|" .. line
  if not compiled[key] then
    local layout = {}
    for word in line:gmatch("%S+") do layout[#layout + 1] = compile_word(word, prefix) end
    layout.size = size_of(layout)
    compiled[key] = layout
  end
  return compiled[key]
end

local names, requests, notifications = {}, {}, {}

-- Layouts that depend on the message are compiled here once in every shape, so that their fields exist from the start.
local function prepare(rows, by_id)
  for _, row in ipairs(rows) do
    local spec = { name = row[2], payload = row[3], reply = row[4], failure = row[5] }
    by_id[row[1]], names[row[1]] = spec, row[2]
    for part = 3, 5 do
      if type(row[part]) == "string" then compile(row[part], "") end
    end
  end
end

prepare(REQUESTS, requests)
prepare(NOTIFICATIONS, notifications)
for first = 0, 2 do compile(ipa_reserve(nil, 16, function() return first end), "") end
for first = 0, 1 do compile(mem_notify(nil, 12, function() return first end), "") end
for flags = 1, 2 do compile(irq_notify(nil, 8, function() return flags end), "") end
for query = 1, 2 do compile(heap_query_reply({ query = query }), "") end
local PAYLOAD, EXTRA = "payload=*", "extra=*"
compile(PAYLOAD, "")
compile(EXTRA, "")

local F = {
  version = ProtoField.uint8("gunyah_rm.version", "version", base.DEC, nil, 0x0f),
  header_words = ProtoField.uint8("gunyah_rm.header_words", "header words", base.DEC, nil, 0xf0),
  type = ProtoField.uint8("gunyah_rm.type", "type", base.DEC, KINDS, 0x03),
  fragments = ProtoField.uint8("gunyah_rm.fragments", "continuations that follow", base.DEC, nil, 0xfc),
  sequence = ProtoField.uint16("gunyah_rm.sequence", "sequence id", base.HEX_DEC),
  id = ProtoField.uint32("gunyah_rm.id", "message id", base.HEX, names),
  error = ProtoField.uint32("gunyah_rm.error", "error", base.HEX, ERRORS),
  link = ProtoField.uint16("gunyah_rm.link", "link of VM", base.HEX),
  message = ProtoField.string("gunyah_rm.message", "message"),
  malformed = ProtoField.string("gunyah_rm.malformed", "malformed"),
  fragment = ProtoField.framenum("gunyah_rm.fragment", "packet of this message"),
  reassembled_in = ProtoField.framenum("gunyah_rm.reassembled_in", "message complete in"),
  abandons = ProtoField.framenum("gunyah_rm.abandons", "abandons the message begun in"),
  request_in = ProtoField.framenum("gunyah_rm.request_in", "reply to the request in", base.NONE, frametype.REQUEST),
  reply_in = ProtoField.framenum("gunyah_rm.reply_in", "reply in", base.NONE, frametype.RESPONSE),
  response_time = ProtoField.relative_time("gunyah_rm.response_time", "response time"),
}
for _, field in pairs(F) do fields[#fields + 1] = field end
rm.fields = fields

local X = {
  malformed = ProtoExpert.new("gunyah_rm.expert.malformed", "Malformed", expert.group.MALFORMED, expert.severity.ERROR),
  abandoned = ProtoExpert.new("gunyah_rm.expert.abandoned", "Abandons an incomplete message", expert.group.REASSEMBLE, expert.severity.WARN),
  direction = ProtoExpert.new("gunyah_rm.expert.direction", "Kind of message that nobody takes in this direction", expert.group.PROTOCOL, expert.severity.WARN),
  failed = ProtoExpert.new("gunyah_rm.expert.failed", "The Resource Manager refused", expert.group.RESPONSE_CODE, expert.severity.NOTE),
  unpaired = ProtoExpert.new("gunyah_rm.expert.unpaired", "Reply without a request", expert.group.SEQUENCE, expert.severity.NOTE),
  reserved = ProtoExpert.new("gunyah_rm.expert.reserved", "Reserved bytes are not zero", expert.group.PROTOCOL, expert.severity.NOTE),
  unknown = ProtoExpert.new("gunyah_rm.expert.unknown", "Message without a public layout", expert.group.UNDECODED, expert.severity.NOTE),
  cut = ProtoExpert.new("gunyah_rm.expert.cut", "Packet cut short by the capture", expert.group.UNDECODED, expert.severity.WARN),
}
local experts = {}
for _, field in pairs(X) do experts[#experts + 1] = field end
rm.experts = experts

-- ------------------------------------------------------------------------------------------------------------------------ decoder

local function spell_hex(digits)
  digits = digits:gsub("^0+", "")
  if digits == "" then return "0" end
  return #digits == 1 and digits:match("%d") and digits or "0x" .. digits
end

local function spell_flags(set, value)
  local words, rest = {}, value
  for bit = 0, 31 do
    local weight = 2 ^ bit
    if math.floor(value / weight) % 2 == 1 and set[bit] then
      words[#words + 1] = set[bit]
      rest = rest - weight
    end
  end
  if rest ~= 0 then words[#words + 1] = string.format("0x%x", rest) end
  return table.concat(words, "|")
end

local function spell(set, value)
  if type(value) ~= "number" then return spell_hex(value:tohex()) end
  if FLAGS[set or ""] then return spell_flags(FLAGS[set], value) end
  return ENUMS[set or ""] and ENUMS[set][value] or spell_hex(string.format("%x", value))
end

local ESCAPES = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\" }

local function quote(bytes)
  local cut = bytes:sub(1, 64):gsub(".", function(c)
    if ESCAPES[c] then return ESCAPES[c] end
    return (c:byte() < 0x20 or c:byte() > 0x7e) and string.format("\\x%02x", c:byte()) or nil
  end)
  return '"' .. cut .. '"' .. (#bytes > 64 and "..." or "")
end

local Decoder = {}
Decoder.__index = Decoder

-- Walks layouts over tvb from first to last. Keeps the first problem and stops there.
local function new_decoder(tvb, first, last)
  return setmetatable({ tvb = tvb, first = first, at = first, last = last, words = {}, values = {}, reserved = false }, Decoder)
end

function Decoder:left() return self.last - self.at end

function Decoder:fail(reason, detail)
  if not self.reason then self.reason, self.detail = reason, detail end
end

function Decoder:u32(offset)
  if self.first + offset + 4 > self.last then return 0 end
  return self.tvb:range(self.first + offset, 4):le_uint()
end

-- True when so many bytes are there.
function Decoder:need(count)
  if self:left() >= count then return true end
  self:fail(self.inside or "payload too short", string.format("%d bytes more were expected at payload offset %d", count - self:left(), self.at - self.first))
  return false
end

function Decoder:read(width)
  local range = self.tvb:range(self.at, width)
  self.at = self.at + width
  return width > 4 and range:le_uint64() or range:le_uint(), range
end

function Decoder:number(step, tree, words)
  local value, range
  if self:left() < step.width and self.lenient then
    -- What is missing counts as zero; a number in two halves is put together from what there is.
    local low = self:left()
    local sum = 0
    for i = low - 1, 0, -1 do sum = sum * 256 + self.tvb:range(self.at + i, 1):uint() end
    value = step.width > 4 and UInt64.new(sum % 2 ^ 32, math.floor(sum / 2 ^ 32)) or sum
    local item = tree:add(step.field, self.tvb:range(self.at, low), value)
    if low == 0 then item:set_generated() end
    self.at = self.last
  else
    if not self:need(step.width) then return end
    value, range = self:read(step.width)
    local item = tree:add_le(step.field, range)
    if FLAGS[step.set or ""] and value ~= 0 then item:append_text(" (" .. spell(step.set, value) .. ")") end
    if step.set == "vmid" and (value == 3 or value == 255) then item:append_text(value == 3 and " (HLOS)" or " (RM)") end
  end
  if type(value) == "number" then self.values[step.name] = value end
  if not (FLAGS[step.set or ""] and value == 0) then words[#words + 1] = { step.name, spell(step.set, value) } end
end

function Decoder:skip(step)
  local width = step.width
  if self.lenient then width = math.min(width, self:left()) end
  if not self:need(width) then return end
  for i = self.at, self.at + width - 1 do
    if self.tvb:range(i, 1):uint() ~= 0 then self.reserved = true end
  end
  self.at = self.at + width
end

function Decoder:bytes(step, tree, words)
  local length = step.length == "*" and self:left() or type(step.length) == "number" and step.length or self.values["$" .. step.length]
  if not self:need(length) then return end
  local item, raw
  if length > 0 then
    item, raw = tree:add(step.field, self.tvb:range(self.at, length)), self.tvb:raw(self.at, length)
  else
    -- An empty range is an error at the end of a buffer in some versions.
    item, raw = tree:add(step.field, ""), ""
  end
  if step.text then item:append_text(" " .. quote(raw)) end
  if step.sub then
    local sub = new_decoder(self.tvb, self.at, self.at + length)
    sub:walk(step.sub, item, words)
  else
    words[#words + 1] = { step.name, step.text and quote(raw) or #raw <= 16 and raw:gsub(".", function(c) return string.format("%02x", c:byte()) end) or #raw .. " bytes" }
  end
  self.at = self.at + length
end

function Decoder:entries(step, tree, words, count)
  local size = step.entry.size
  if size and count * size > self:left() then
    self:fail("list overrun", string.format("%s: %.0f entries of %d bytes do not fit into the %d bytes left", step.name, count, size, self:left()))
    return
  end
  local start, item = self.at, nil
  if self:left() > 0 then item = tree:add(step.field, self.tvb:range(self.at, self:left())) else item = tree:add(step.field) end
  item:set_text(string.format("%s: %.0f", label(step.name), count))
  local shown, inside = {}, self.inside
  self.inside = "list overrun"
  for n = 1, count do
    local from, parts = self.at, {}
    local entry = item:add(step.field, self.tvb:range(from, math.min(size or 1, math.max(self:left(), 0))))
    if self:left() == 0 then
      self:fail("list overrun", string.format("%s: %.0f entries were announced and %d are there", step.name, count, n - 1))
    end
    self:walk(step.entry, entry, parts)
    local values = {}
    for i, word in ipairs(parts) do values[i] = word[2] end
    entry:set_text(string.format("[%d] ", n - 1) .. table.concat(values, ":"))
    if self.at > from then entry:set_len(self.at - from) end
    if n <= 4 then shown[n] = table.concat(values, ":") elseif n == 5 then shown[n] = "..." end
    if self.reason then break end
  end
  self.inside = inside
  item:set_len(math.max(self.at - start, 0))
  words[#words + 1] = { step.name, (count > 1 and string.format("%.0f", count) or "") .. "[" .. table.concat(shown, " ") .. "]" }
end

function Decoder:memory_list(step, tree, words)
  if self:left() == 0 then return self:entries(step, tree, words, 0) end
  if self:left() < 4 then return self:fail("list overrun", step.name .. ": no room for its count") end
  local count = self:read(2)
  if step.upper then self:number(step.upper, tree, words) else self:skip({ width = 2 }) end
  if count > LIST_LIMIT then return self:fail("list too long", string.format("%s: %d entries, at most %d are allowed", step.name, count, LIST_LIMIT)) end
  return self:entries(step, tree, words, count)
end

function Decoder:walk(layout, tree, words)
  for _, step in ipairs(layout) do
    if self.reason then return end
    local op = step.op
    if op == "number" then self:number(step, tree, words)
    elseif op == "skip" then self:skip(step)
    elseif op == "count" then
      if self:need(step.width) then self.values["$" .. step.var] = self:read(step.width) end
    elseif op == "bytes" then self:bytes(step, tree, words)
    elseif op == "list" then self:entries(step, tree, words, self.values["$" .. step.var])
    elseif op == "memory list" then self:memory_list(step, tree, words)
    elseif op == "least" then
      if self.last - self.first < step.width then
        self:fail("payload too short", string.format("%d bytes, at least %d are needed", self.last - self.first, step.width))
      end
    elseif op == "pad" then
      local pad = (self.first - self.at) % 4
      if not self:need(pad) then return end
      for i = self.at, self.at + pad - 1 do
        if self.tvb:range(i, 1):uint() ~= 0 then self:fail("nonzero padding", string.format("payload offset %d", i - self.first)) end
      end
      self.at = self.at + pad
    elseif op == "zero" then
      if not self:need(step.width) then return end
      for i = self.at, self.at + step.width - 1 do
        if self.tvb:range(i, 1):uint() ~= 0 then self:fail("nonzero reserved field", string.format("payload offset %d", i - self.first)) end
      end
      self.at = self.at + step.width
    elseif op == "most" then
      local n = self.values["$" .. step.var]
      if n > step.most then self:fail("name too long", string.format("%d characters, at most %d are taken", n, step.most)) end
    elseif op == "unknown" then
      self:fail("unknown kind", "the layout behind it is not known")
      self.at = self.last
    elseif op == "?" then
      if self:left() == 0 then return end
    elseif op == "~" then self.lenient = true
    elseif op == "..." then self.at = self.last
    end
  end
end

-- Decodes one payload. line: a layout or what makes one; request: the numbers of the request that is answered.
local function decode(tvb, first, last, line, request, tree)
  local decoder = new_decoder(tvb, first, last)
  if type(line) == "function" then line = line(request, last - first, function(offset) return decoder:u32(offset) end) end
  decoder:walk(compile(line, ""), tree, decoder.words)
  if decoder:left() > 0 and not decoder.reason then
    decoder:fail("payload too long", string.format("%d bytes behind the end of the message", decoder:left()))
  end
  return decoder
end

-- ---------------------------------------------------------------------------------------------------------------------- analysis

-- State of one walk through a capture, in order: partial messages by link and direction, requests that wait for a reply, and what was
-- found out about each frame. In a walk that knows no links, whatever has the same id and sequence id counts as a link of its own; where
-- that turns out not to explain the packets, more than one link is in it and it is marked as mixed.
local function new_analysis() return { last = 0, partial = {}, waiting = {}, frames = {}, mixed = {}, seen = {} } end

local TO_RM, FROM_RM = ">", "<"
local analysis, preview = new_analysis(), new_analysis()

function rm.init() analysis, preview = new_analysis(), new_analysis() end

local function same(a, b) return a.id == b.id and a.fragments == b.fragments end

local function pair(state, frame, record, header, time)
  local key = string.format("%s %x %x", record.link, header.id, header.sequence)
  local waiting = state.waiting[key]
  if header.type == REQUEST and record.direction == TO_RM then
    waiting = waiting or {}
    state.waiting[key] = waiting
    if #waiting > 0 then state.mixed[record.link] = true end
    waiting[#waiting + 1] = { frame = frame, time = time }
  elseif header.type == REPLY and record.direction == FROM_RM then
    local first = waiting and table.remove(waiting, 1)
    if not first then
      record.unpaired = true
      return
    end
    if #waiting == 0 then state.waiting[key] = nil end
    record.request_in = first.frame
    if time and first.time then record.response_time = time - first.time end
    state.frames[first.frame].reply_in = frame
  end
end

local function begin(state, frame, record, header, content, time)
  local stream = record.link .. record.direction
  if record.direction == FROM_RM and header.type == REQUEST then
    -- Linux drops it and goes on with what it was putting together.
    record.wrong_way = "the Resource Manager never sends requests"
    record.whole = true
    return
  end
  if record.direction == TO_RM and header.type ~= REQUEST then record.wrong_way = "the Resource Manager ignores " .. KINDS[header.type] .. " messages" end
  if state.partial[stream] then
    record.abandons = state.partial[stream].frames[1]
    state.mixed[record.link] = true
    state.partial[stream] = nil
  end
  if header.type == REPLY and #content < 4 then
    record.malformed, record.detail = "reply without error word", #content .. " bytes of content"
    return
  end
  if header.fragments == 0 then
    record.whole = true
    pair(state, frame, record, header, time)
    return
  end
  local message = { header = header, frames = { frame }, parts = { content }, begun = record.ordinal }
  record.message, record.index = message, 1
  state.partial[stream] = message
end

local function continue(state, frame, record, header, content, time)
  local stream = record.link .. record.direction
  local message = state.partial[stream]
  if not message then
    state.mixed[record.link] = true
    record.malformed, record.detail = "stray continuation", "no message is open on this link in this direction"
    return
  end
  local other = not same(header, message.header) and "message id or number of packets" or header.sequence ~= message.header.sequence and "sequence id" or nil
  if other and (record.direction == TO_RM or other ~= "sequence id") then
    record.malformed, record.detail = "mismatched continuation", string.format("%s differs from the message begun in frame %d", other, message.frames[1])
    state.mixed[record.link] = true
    -- The Resource Manager keeps waiting for the right one; Linux gives the message up.
    if record.direction == FROM_RM then state.partial[stream] = nil end
    return
  end
  if other then record.other_sequence = true end
  message.frames[#message.frames + 1], message.parts[#message.parts + 1] = frame, content
  record.message, record.index = message, #message.frames
  if #message.frames == message.header.fragments + 1 then
    message.complete = frame
    -- With something in between, who knows whether that was of this link, and ended the message.
    if record.ordinal - message.begun ~= message.header.fragments then state.mixed[record.link] = true end
    state.partial[stream] = nil
    pair(state, frame, record, message.header, time)
  end
end

-- Looks at one packet in its place in the sequence; the rules of a receiver, in its order.
local function analyse(state, frame, tvb, link, guessed, direction, time)
  local record, length = { link = link or "?", guessed = guessed, direction = direction }, tvb:len()
  state.frames[frame], state.last = record, frame
  if length < HEADER then
    record.malformed, record.detail = "short packet", length .. " bytes, a header has 8"
    record.direction = direction or TO_RM
    state.seen[record.direction] = (state.seen[record.direction] or 0) + 1
    return record
  end
  local second = tvb:range(1, 1):uint()
  local header = {
    type = second % 4, fragments = math.floor(second / 4), sequence = tvb:range(2, 2):le_uint(), id = tvb:range(4, 4):le_uint(),
  }
  record.header = header
  if guessed then record.link = string.format("? %x %x", header.id, header.sequence) end
  if not direction then
    local upwards = state.partial[record.link .. TO_RM]
    local down = header.type == REPLY or header.type == NOTIFICATION or header.type == CONTINUATION and not (upwards and same(upwards.header, header))
    record.direction = down and FROM_RM or TO_RM
  end
  record.ordinal = (state.seen[record.direction] or 0) + 1
  state.seen[record.direction] = record.ordinal
  if length > PACKET then
    record.malformed, record.detail = "packet too long", length .. " bytes, at most 240 are allowed"
  elseif tvb:range(0, 1):uint() ~= FIRST_BYTE then
    record.malformed, record.detail = "bad first byte", string.format("0x%02x instead of 0x21: version 1, 2 header words", tvb:range(0, 1):uint())
  elseif header.fragments == 63 then
    record.malformed, record.detail = "63 fragments", "at most 62 continuations are allowed"
  else
    local content = length > HEADER and tvb:raw(HEADER, length - HEADER) or ""
    if header.type == CONTINUATION then continue(state, frame, record, header, content, time) else begin(state, frame, record, header, content, time) end
  end
  return record
end

-- -------------------------------------------------------------------------------------------------------------------- dissector

local interface_name = Field.new("frame.interface_name")
local frame_number = Field.new("frame.number")
local frame_time = Field.new("frame.time_epoch")

local function add_malformed(tree, reason, detail)
  tree:add(F.malformed, reason):set_generated()
  tree:add_proto_expert_info(X.malformed, "Malformed: " .. reason .. (detail and " (" .. detail .. ")" or ""))
end

local function vm_name(link)
  local vmid = link:match("^vm0x(%x%x?%x?%x?)$")
  if not vmid then return link == "?" and "VM" or link end
  return vmid == "3" and "HLOS" or "VM 0x" .. vmid
end

local function join(words)
  local texts = {}
  for i, word in ipairs(words) do texts[i] = " " .. word[1] .. "=" .. word[2] end
  return table.concat(texts)
end

local function name_of(header)
  local spec = header.type == NOTIFICATION and notifications[header.id] or header.type ~= NOTIFICATION and requests[header.id] or nil
  return spec and spec.name or names[header.id] or string.format("0x%08x", header.id), spec
end

-- The whole message that ends in this frame: its payload into the tree. Returns what the info column shows.
local function show_message(tree, tvb, first, record, header)
  local name, spec = name_of(header)
  local last, line, request = tvb:len(), spec and spec.payload or PAYLOAD, nil
  local text = name .. " " .. KINDS[header.type]
  if header.type == REPLY then
    local word = tvb:range(first, 4)
    local error = word:le_uint()
    tree:add_le(F.error, word)
    text, first = text .. " " .. (ERRORS[error] or string.format("0x%x", error)), first + 4
    if error ~= 0 then
      tree:add_proto_expert_info(X.failed, "The Resource Manager refused: " .. (ERRORS[error] or string.format("error 0x%x", error)))
      line = first < last and (spec and spec.failure or EXTRA) or ""
    else
      line = spec and spec.reply or PAYLOAD
    end
    local asked = record.request_in and analysis.frames[record.request_in]
    request = asked and asked.values
  end
  if not spec or not spec.payload then
    tree:add_proto_expert_info(X.unknown)
    if line == PAYLOAD and first == last then line = "" end
  end
  local decoder = decode(tvb, first, last, line, request, tree)
  if header.type == REQUEST then record.values = decoder.values end
  if decoder.reason then add_malformed(tree, decoder.reason, decoder.detail) end
  if decoder.reserved then tree:add_proto_expert_info(X.reserved) end
  return text .. join(decoder.words) .. (decoder.reason and " [" .. decoder.reason .. "]" or "")
end

-- What the first of two passes over a file, which knows no interfaces, found out about a frame; nothing where it could be wrong.
local function foreseen(frame)
  local early = preview.frames[frame]
  return early and not preview.mixed[early.link] and early or nil
end

local function show_relations(tree, frame, record)
  if record.abandons then
    tree:add(F.abandons, record.abandons):set_generated()
    tree:add_proto_expert_info(X.abandoned, "Abandons the message begun in frame " .. record.abandons)
  end
  if record.wrong_way then tree:add_proto_expert_info(X.direction, record.wrong_way) end
  if record.other_sequence then tree:add_proto_expert_info(X.direction, "The sequence id is not that of the first packet; Linux does not look at it") end
  if record.request_in then
    tree:add(F.request_in, record.request_in):set_generated()
    if record.response_time then tree:add(F.response_time, record.response_time):set_generated() end
  end
  local early = foreseen(frame)
  local reply_in = record.reply_in or early and early.reply_in
  if reply_in then tree:add(F.reply_in, reply_in):set_generated() end
  if record.unpaired then tree:add_proto_expert_info(X.unpaired, "The request is not in this capture") end
end

local function show_header(tree, tvb)
  tree:add(F.version, tvb:range(0, 1))
  tree:add(F.header_words, tvb:range(0, 1))
  tree:add(F.type, tvb:range(1, 1))
  tree:add(F.fragments, tvb:range(1, 1))
  tree:add_le(F.sequence, tvb:range(2, 2))
  tree:add_le(F.id, tvb:range(4, 4))
end

local function show(tvb, frame, tree, record)
  local header = record.header
  local vmid = record.link:match("^vm0x(%x%x?%x?%x?)$")
  if vmid then tree:add(F.link, tonumber(vmid, 16)):set_generated() end
  if header then
    show_header(tree, tvb)
    tree:add(F.message, (name_of(record.message and record.message.header or header))):set_generated()
  end
  show_relations(tree, frame, record)
  if record.malformed then
    add_malformed(tree, record.malformed, record.detail)
    return "[" .. record.malformed .. "]" .. (header and " " .. name_of(header) .. " " .. KINDS[header.type] or "")
  end
  if record.whole then return show_message(tree, tvb, HEADER, record, header) end
  local message = record.message
  local place = string.format("packet %d of %d", record.index, message.header.fragments + 1)
  if message.complete ~= frame then
    local early = foreseen(frame)
    local complete = message.complete or early and early.message and early.message.complete
    if complete then tree:add(F.reassembled_in, complete):set_generated() end
    return name_of(message.header) .. " " .. KINDS[message.header.type] .. ", " .. place
  end
  for _, number in ipairs(message.frames) do tree:add(F.fragment, number):set_generated() end
  local content = table.concat(message.parts)
  if content == "" then return name_of(message.header) .. " " .. KINDS[message.header.type] .. " (empty)" end
  local whole = ByteArray.new(content, true):tvb("Message")
  return show_message(tree, whole, 0, record, message.header) .. " (" .. #message.frames .. " packets)"
end

local function time_of()
  local info = frame_time()
  return info and info.value
end

function rm.dissector(tvb, pinfo, tree)
  pinfo.cols.protocol = "Gunyah RM"
  local frame, direction = pinfo.number, nil
  if pinfo.p2p_dir == P2P_DIR_SENT then direction = TO_RM elseif pinfo.p2p_dir == P2P_DIR_RECV then direction = FROM_RM end
  local record
  if frame_number() then
    -- Frames come in order the first time and in any order later.
    local name = interface_name()
    if frame > analysis.last then
      record = analyse(analysis, frame, tvb, name and tostring(name), false, direction, time_of())
    else
      record = analysis.frames[frame]
    end
  else
    -- No fields, so no interface: the first of two passes.
    record = preview.frames[frame] or analyse(preview, frame, tvb, nil, true, direction, nil)
  end
  if not record then return end

  local subtree = tvb:len() > 0 and tree:add(rm, tvb:range(0, tvb:len())) or tree:add(rm)
  local info = show(tvb, frame, subtree, record)
  if tvb:len() < tvb:reported_len() then subtree:add_proto_expert_info(X.cut) end
  subtree:append_text(", " .. info)
  local vm = vm_name(record.link)
  pinfo.cols.src = record.direction == TO_RM and vm or "RM"
  pinfo.cols.dst = record.direction == TO_RM and "RM" or vm
  pinfo.cols.info = info
end

DissectorTable.get("wtap_encap"):add(wtap.USER0, rm)
