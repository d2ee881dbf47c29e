// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
using Kaitai;

namespace RmStack.Spec
{

    /// <summary>
    /// What follows the packet headers, joined; in a reply that says OK, what follows the error word. Requests are accepted when the
    /// Resource Manager (either public drop, or both) would not call them malformed for their shape: length, lists, padding, and
    /// reserved parts it insists on. Numbers it refuses for their value are accepted here. Replies and notifications have to have
    /// exactly the layout they are sent with.
    /// Ids without a known layout, and unknown ids, carry bytes.
    /// </summary>
    /// <remarks>
    /// Reference: RM: vm_mgnt_message.h, memparcel_msg.h, vm_creation_message.h and the handlers; Linux v17: rsc_mgr_rpc.c
    /// </remarks>
    public partial class GunyahRmPayload : KaitaiStruct
    {
        public GunyahRmPayload(uint p_msgId, bool p_isReply, KaitaiStream p__io, KaitaiStruct p__parent = null, GunyahRmPayload p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _msgId = p_msgId;
            _isReply = p_isReply;
            _read();
        }
        private void _read()
        {
            if (!(IsReply)) {
                switch (MsgId) {
                case 1358954512: {
                    _message = new Memparcel.MemCreate(m_io);
                    break;
                }
                case 1358954513: {
                    _message = new Memparcel.MemAccept(m_io);
                    break;
                }
                case 1358954514: {
                    _message = new Memparcel.MemCreate(m_io);
                    break;
                }
                case 1358954515: {
                    _message = new Memparcel.MemCreate(m_io);
                    break;
                }
                case 1358954516: {
                    _message = new Memparcel.MemGiveBack(m_io);
                    break;
                }
                case 1358954517: {
                    _message = new Memparcel.MemGiveBack(m_io);
                    break;
                }
                case 1358954519: {
                    _message = new Memparcel.MemNotify(m_io);
                    break;
                }
                case 1358954520: {
                    _message = new Memparcel.MemAppend(m_io);
                    break;
                }
                case 1358954522: {
                    _message = new Memparcel.MemQcomLookupSgl(m_io);
                    break;
                }
                case 1358954528: {
                    _message = new Common.Nothing(m_io);
                    break;
                }
                case 1358954529: {
                    _message = new VmSettings.FwSetVmFirmware(m_io);
                    break;
                }
                case 1358954546: {
                    _message = new Heap.HeapMemory(m_io);
                    break;
                }
                case 1358954547: {
                    _message = new Heap.HeapMemory(m_io);
                    break;
                }
                case 1358954548: {
                    _message = new Heap.HeapQuery(m_io);
                    break;
                }
                case 1360003089: {
                    _message = new Memparcel.MemShared(m_io);
                    break;
                }
                case 1360003090: {
                    _message = new Memparcel.MemRecipientEvent(m_io);
                    break;
                }
                case 1360003091: {
                    _message = new Memparcel.MemRecipientEvent(m_io);
                    break;
                }
                case 1360003092: {
                    _message = new Memparcel.MemRecall(m_io);
                    break;
                }
                case 1442840577: {
                    _message = new Common.VmidHalf(m_io);
                    break;
                }
                case 1442840578: {
                    _message = new Common.VmidHalf(m_io);
                    break;
                }
                case 1442840580: {
                    _message = new Common.VmidHalf(m_io);
                    break;
                }
                case 1442840581: {
                    _message = new VmLifecycle.VmStop(m_io);
                    break;
                }
                case 1442840582: {
                    _message = new Common.VmidHalf(m_io);
                    break;
                }
                case 1442840585: {
                    _message = new VmLifecycle.VmConfigImage(m_io);
                    break;
                }
                case 1442840586: {
                    _message = new VmLifecycle.VmAuthImage(m_io);
                    break;
                }
                case 1442840587: {
                    _message = new VmLifecycle.VmInit(m_io);
                    break;
                }
                case 1442840588: {
                    _message = new VmSettings.VmSetBootContext(m_io);
                    break;
                }
                case 1442840592: {
                    _message = new Common.VmidHalf(m_io);
                    break;
                }
                case 1442840593: {
                    _message = new VmQueries.VmLookupText(m_io);
                    break;
                }
                case 1442840594: {
                    _message = new VmQueries.VmLookupGuid(m_io);
                    break;
                }
                case 1442840595: {
                    _message = new VmQueries.VmLookupText(m_io);
                    break;
                }
                case 1442840597: {
                    _message = new Common.Nothing(m_io);
                    break;
                }
                case 1442840599: {
                    _message = new Common.VmidHalf(m_io);
                    break;
                }
                case 1442840601: {
                    _message = new Common.VmidHalf(m_io);
                    break;
                }
                case 1442840608: {
                    _message = new Common.VmidHalf(m_io);
                    break;
                }
                case 1442840612: {
                    _message = new Common.Nothing(m_io);
                    break;
                }
                case 1442840613: {
                    _message = new Common.Nothing(m_io);
                    break;
                }
                case 1442840624: {
                    _message = new VmSettings.VmSetTimeBase(m_io);
                    break;
                }
                case 1442840625: {
                    _message = new VmSettings.VmSetBootContext(m_io);
                    break;
                }
                case 1442840626: {
                    _message = new VmSettings.VmSetFirmwareMem(m_io);
                    break;
                }
                case 1442840627: {
                    _message = new VmSettings.VmSetDemandPaging(m_io);
                    break;
                }
                case 1442840628: {
                    _message = new VmSettings.VmSetAddressLayout(m_io);
                    break;
                }
                case 1442840629: {
                    _message = new VmSettings.VmSetDebug(m_io);
                    break;
                }
                case 1442840640: {
                    _message = new Diagnostics.MinidumpGetInfo(m_io);
                    break;
                }
                case 1442840641: {
                    _message = new Diagnostics.MinidumpRegisterRange(m_io);
                    break;
                }
                case 1442840642: {
                    _message = new Diagnostics.MinidumpSlot(m_io);
                    break;
                }
                case 1442840643: {
                    _message = new Diagnostics.MinidumpGetSlotNumber(m_io);
                    break;
                }
                case 1442840656: {
                    _message = new VmIrq.VmIrqAccept(m_io);
                    break;
                }
                case 1442840657: {
                    _message = new VmIrq.VmIrqLend(m_io);
                    break;
                }
                case 1442840658: {
                    _message = new VmIrq.VmIrqHandle(m_io);
                    break;
                }
                case 1442840659: {
                    _message = new VmIrq.VmIrqHandle(m_io);
                    break;
                }
                case 1442840660: {
                    _message = new VmIrq.VmIrqNotify(m_io);
                    break;
                }
                case 1442840672: {
                    _message = new Device.DeviceAccept(m_io);
                    break;
                }
                case 1442840673: {
                    _message = new Device.DeviceOffer(m_io);
                    break;
                }
                case 1442840674: {
                    _message = new Device.DeviceWithFlags(m_io);
                    break;
                }
                case 1442840675: {
                    _message = new Device.DeviceWithFlags(m_io);
                    break;
                }
                case 1442840676: {
                    _message = new Device.DeviceNotify(m_io);
                    break;
                }
                case 1442840677: {
                    _message = new Device.ResourceDescriptor(m_io);
                    break;
                }
                case 1442840678: {
                    _message = new Device.DeviceWithFlags(m_io);
                    break;
                }
                case 1442840679: {
                    _message = new Device.DeviceBus(m_io);
                    break;
                }
                case 1442840680: {
                    _message = new Device.DeviceBus(m_io);
                    break;
                }
                case 1442840681: {
                    _message = new Device.DeviceOffer(m_io);
                    break;
                }
                case 1442840704: {
                    _message = new VmQueries.VmSetStatus(m_io);
                    break;
                }
                case 1442840705: {
                    _message = new VmConsole.VmConsoleTarget(m_io);
                    break;
                }
                case 1442840706: {
                    _message = new VmConsole.VmConsoleTarget(m_io);
                    break;
                }
                case 1442840707: {
                    _message = new VmConsole.VmConsoleWrite(m_io);
                    break;
                }
                case 1442840708: {
                    _message = new VmConsole.VmConsoleTarget(m_io);
                    break;
                }
                case 1442840709: {
                    _message = new VmLifecycle.VmExit(m_io);
                    break;
                }
                case 1442840710: {
                    _message = new VmQueries.CrashMsg(m_io);
                    break;
                }
                case 1442840736: {
                    _message = new Common.Nothing(m_io);
                    break;
                }
                case 1442840752: {
                    _message = new VmSettings.IpaReserve(m_io);
                    break;
                }
                case 1443889153: {
                    _message = new VmLifecycle.VmExited(m_io);
                    break;
                }
                case 1443889154: {
                    _message = new VmLifecycle.VmShutdown(m_io);
                    break;
                }
                case 1443889160: {
                    _message = new VmLifecycle.VmStatus(m_io);
                    break;
                }
                case 1443889169: {
                    _message = new VmIrq.VmIrqLent(m_io);
                    break;
                }
                case 1443889170: {
                    _message = new VmIrq.VmIrqHandle(m_io);
                    break;
                }
                case 1443889171: {
                    _message = new VmIrq.VmIrqHandle(m_io);
                    break;
                }
                case 1443889248: {
                    _message = new Device.DeviceEvent(m_io);
                    break;
                }
                case 1443889249: {
                    _message = new Device.DeviceEvent(m_io);
                    break;
                }
                case 1443889250: {
                    _message = new Device.DeviceHandle(m_io);
                    break;
                }
                case 1443889251: {
                    _message = new Device.DeviceEvent(m_io);
                    break;
                }
                case 1443889252: {
                    _message = new Device.DeviceEvent(m_io);
                    break;
                }
                case 1443889280: {
                    _message = new VmConsole.VmConsoleChars(m_io);
                    break;
                }
                case 5: {
                    _message = new Diagnostics.GetLog(m_io);
                    break;
                }
                default: {
                    _message = new Common.Opaque(m_io);
                    break;
                }
                }
            }
            if (IsReply) {
                switch (MsgId) {
                case 1358954512: {
                    _reply = new Memparcel.MemHandleReply(m_io);
                    break;
                }
                case 1358954513: {
                    _reply = new Memparcel.MemAcceptReply(m_io);
                    break;
                }
                case 1358954514: {
                    _reply = new Memparcel.MemHandleReply(m_io);
                    break;
                }
                case 1358954515: {
                    _reply = new Memparcel.MemHandleReply(m_io);
                    break;
                }
                case 1358954516: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1358954517: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1358954519: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1358954520: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1358954522: {
                    _reply = new Memparcel.MemHandleReply(m_io);
                    break;
                }
                case 1358954528: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1358954529: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1358954546: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1358954547: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1358954548: {
                    _reply = new Heap.HeapQueryReply(m_io);
                    break;
                }
                case 1442840577: {
                    _reply = new VmLifecycle.VmAllocateReply(m_io);
                    break;
                }
                case 1442840578: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840580: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840581: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840582: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840585: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840586: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840587: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840588: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840592: {
                    _reply = new VmQueries.VmGetIdReply(m_io);
                    break;
                }
                case 1442840593: {
                    _reply = new VmQueries.VmidsReply(m_io);
                    break;
                }
                case 1442840594: {
                    _reply = new VmQueries.VmidsReply(m_io);
                    break;
                }
                case 1442840595: {
                    _reply = new VmQueries.VmidsReply(m_io);
                    break;
                }
                case 1442840597: {
                    _reply = new Common.VmidHalf(m_io);
                    break;
                }
                case 1442840599: {
                    _reply = new VmQueries.VmGetStateReply(m_io);
                    break;
                }
                case 1442840601: {
                    _reply = new VmQueries.CrashMsg(m_io);
                    break;
                }
                case 1442840608: {
                    _reply = new VmQueries.VmGetHypResourcesReply(m_io);
                    break;
                }
                case 1442840612: {
                    _reply = new Common.VmidHalf(m_io);
                    break;
                }
                case 1442840613: {
                    _reply = new VmQueries.VmidsReply(m_io);
                    break;
                }
                case 1442840624: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840625: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840626: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840627: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840628: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840629: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840640: {
                    _reply = new Diagnostics.MinidumpSlot(m_io);
                    break;
                }
                case 1442840641: {
                    _reply = new Diagnostics.MinidumpSlot(m_io);
                    break;
                }
                case 1442840642: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840643: {
                    _reply = new Diagnostics.MinidumpSlot(m_io);
                    break;
                }
                case 1442840656: {
                    _reply = new VmIrq.VmIrqNumber(m_io);
                    break;
                }
                case 1442840657: {
                    _reply = new VmIrq.VmIrqHandle(m_io);
                    break;
                }
                case 1442840658: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840659: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840660: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840672: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840673: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840674: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840675: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840676: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840677: {
                    _reply = new Device.DeviceHandle(m_io);
                    break;
                }
                case 1442840678: {
                    _reply = new Device.DeviceGetResourcesReply(m_io);
                    break;
                }
                case 1442840679: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840680: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840681: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840704: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840705: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840706: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840707: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840708: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840709: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840710: {
                    _reply = new Common.Nothing(m_io);
                    break;
                }
                case 1442840736: {
                    _reply = new VmQueries.VmHostGetTypeReply(m_io);
                    break;
                }
                case 1442840752: {
                    _reply = new VmSettings.IpaReserveReply(m_io);
                    break;
                }
                case 5: {
                    _reply = new Diagnostics.GetLogReply(m_io);
                    break;
                }
                default: {
                    _reply = new Common.Opaque(m_io);
                    break;
                }
                }
            }
            _reservedEnd = m_io.ReadBytes(0);
            {
                byte[] M_ = _reservedEnd;
                if (!(M_Io.IsEof))
                {
                    throw new ValidationExprError(_reservedEnd, m_io, "/seq/2");
                }
            }
        }
        private KaitaiStruct _message;
        private KaitaiStruct _reply;
        private byte[] _reservedEnd;
        private uint _msgId;
        private bool _isReply;
        private GunyahRmPayload m_root;
        private KaitaiStruct m_parent;
        public KaitaiStruct Message { get { return _message; } }
        public KaitaiStruct Reply { get { return _reply; } }

        /// <summary>
        /// No byte; the place where leftovers are refused. Messages that tolerate them have taken them in by now.
        /// </summary>
        public byte[] ReservedEnd { get { return _reservedEnd; } }
        public uint MsgId { get { return _msgId; } }
        public bool IsReply { get { return _isReply; } }
        public GunyahRmPayload M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
