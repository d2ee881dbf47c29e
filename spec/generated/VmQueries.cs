// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild

using System.Collections.Generic;
using Kaitai;

namespace RmStack.Spec
{

    /// <remarks>
    /// Reference: RM: vm_mgnt.c, vm_get_resources.c, vm_resource_msg.h; Linux v17: rsc_mgr_rpc.c
    /// </remarks>
    public partial class VmQueries : KaitaiStruct
    {
        public static VmQueries FromFile(string fileName)
        {
            return new VmQueries(new KaitaiStream(fileName));
        }

        public VmQueries(KaitaiStream p__io, KaitaiStruct p__parent = null, VmQueries p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
        }

        /// <summary>
        /// VM_SET_CRASH_MSG, and the reply of VM_GET_CRASH_MSG. What is stored is cut at 192 bytes; what may be sent is not.
        /// </summary>
        public partial class CrashMsg : KaitaiStruct
        {
            public static CrashMsg FromFile(string fileName)
            {
                return new CrashMsg(new KaitaiStream(fileName));
            }

            public CrashMsg(KaitaiStream p__io, KaitaiStruct p__parent = null, VmQueries p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _lenText = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
                _text = m_io.ReadBytes(LenText);
                _reservedPadding = new Common.ZeroPadding(LenText, m_io);
            }
            private ushort _lenText;
            private ushort _reserved;
            private byte[] _text;
            private Common.ZeroPadding _reservedPadding;
            private VmQueries m_root;
            private KaitaiStruct m_parent;
            public ushort LenText { get { return _lenText; } }
            public ushort Reserved { get { return _reserved; } }
            public byte[] Text { get { return _text; } }
            public Common.ZeroPadding ReservedPadding { get { return _reservedPadding; } }
            public VmQueries M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmGetHypResourcesReply : KaitaiStruct
        {
            public static VmGetHypResourcesReply FromFile(string fileName)
            {
                return new VmGetHypResourcesReply(new KaitaiStream(fileName));
            }

            public VmGetHypResourcesReply(KaitaiStream p__io, KaitaiStruct p__parent = null, VmQueries p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _numResources = m_io.ReadU4le();
                {
                    uint M_ = _numResources;
                    if (!(M_ <= (M_Io.Size - M_Io.Pos) / 44))
                    {
                        throw new ValidationExprError(_numResources, m_io, "/types/vm_get_hyp_resources_reply/seq/0");
                    }
                }
                _resources = new List<Resource>();
                for (var i = 0; i < NumResources; i++)
                {
                    _resources.Add(new Resource(m_io, this, m_root));
                }
            }

            /// <summary>
            /// 44 bytes, so every second entry has its 64-bit numbers on odd multiples of four.
            /// </summary>
            public partial class Resource : KaitaiStruct
            {
                public static Resource FromFile(string fileName)
                {
                    return new Resource(new KaitaiStream(fileName));
                }

                public Resource(KaitaiStream p__io, VmQueries.VmGetHypResourcesReply p__parent = null, VmQueries p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _read();
                }
                private void _read()
                {
                    _type = m_io.ReadU1();
                    _reserved = m_io.ReadU1();
                    _partner = m_io.ReadU2le();
                    _handle = m_io.ReadU4le();
                    _label = m_io.ReadU4le();
                    _cap = m_io.ReadU8le();
                    _virqHandle = m_io.ReadU4le();
                    _virq = m_io.ReadU4le();
                    _base = m_io.ReadU8le();
                    _size = m_io.ReadU8le();
                }
                private byte _type;
                private byte _reserved;
                private ushort _partner;
                private uint _handle;
                private uint _label;
                private ulong _cap;
                private uint _virqHandle;
                private uint _virq;
                private ulong _base;
                private ulong _size;
                private VmQueries m_root;
                private VmQueries.VmGetHypResourcesReply m_parent;

                /// <summary>
                /// 0 doorbell to ring, 1 doorbell that rings, 2 message queue to send, 3 message queue to receive, 4 vCPU, 5 virtual
                /// power management, 6 virtio MMIO, 7 virtual RTC, 8 watchdog; newer drop: 9 memory extent, 10 address space, 11 heap.
                /// </summary>
                public byte Type { get { return _type; } }
                public byte Reserved { get { return _reserved; } }
                public ushort Partner { get { return _partner; } }
                public uint Handle { get { return _handle; } }
                public uint Label { get { return _label; } }
                public ulong Cap { get { return _cap; } }
                public uint VirqHandle { get { return _virqHandle; } }
                public uint Virq { get { return _virq; } }
                public ulong Base { get { return _base; } }
                public ulong Size { get { return _size; } }
                public VmQueries M_Root { get { return m_root; } }
                public VmQueries.VmGetHypResourcesReply M_Parent { get { return m_parent; } }
            }
            private uint _numResources;
            private List<Resource> _resources;
            private VmQueries m_root;
            private KaitaiStruct m_parent;
            public uint NumResources { get { return _numResources; } }
            public List<Resource> Resources { get { return _resources; } }
            public VmQueries M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmGetIdReply : KaitaiStruct
        {
            public static VmGetIdReply FromFile(string fileName)
            {
                return new VmGetIdReply(new KaitaiStream(fileName));
            }

            public VmGetIdReply(KaitaiStream p__io, KaitaiStruct p__parent = null, VmQueries p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _numIds = m_io.ReadU4le();
                {
                    uint M_ = _numIds;
                    if (!(M_ <= (M_Io.Size - M_Io.Pos) / 4))
                    {
                        throw new ValidationExprError(_numIds, m_io, "/types/vm_get_id_reply/seq/0");
                    }
                }
                _ids = new List<IdEntry>();
                for (var i = 0; i < NumIds; i++)
                {
                    _ids.Add(new IdEntry(m_io, this, m_root));
                }
            }
            public partial class IdEntry : KaitaiStruct
            {
                public static IdEntry FromFile(string fileName)
                {
                    return new IdEntry(new KaitaiStream(fileName));
                }

                public IdEntry(KaitaiStream p__io, VmQueries.VmGetIdReply p__parent = null, VmQueries p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _read();
                }
                private void _read()
                {
                    _type = m_io.ReadU1();
                    _reserved = m_io.ReadU1();
                    _lenData = m_io.ReadU2le();
                    _data = m_io.ReadBytes(LenData);
                    _reservedPadding = new Common.ZeroPadding(LenData, m_io);
                }
                private byte _type;
                private byte _reserved;
                private ushort _lenData;
                private byte[] _data;
                private Common.ZeroPadding _reservedPadding;
                private VmQueries m_root;
                private VmQueries.VmGetIdReply m_parent;

                /// <summary>
                /// 0 GUID, 1 URI, 2 name, 3 signing authority.
                /// </summary>
                public byte Type { get { return _type; } }
                public byte Reserved { get { return _reserved; } }
                public ushort LenData { get { return _lenData; } }
                public byte[] Data { get { return _data; } }
                public Common.ZeroPadding ReservedPadding { get { return _reservedPadding; } }
                public VmQueries M_Root { get { return m_root; } }
                public VmQueries.VmGetIdReply M_Parent { get { return m_parent; } }
            }
            private uint _numIds;
            private List<IdEntry> _ids;
            private VmQueries m_root;
            private KaitaiStruct m_parent;
            public uint NumIds { get { return _numIds; } }
            public List<IdEntry> Ids { get { return _ids; } }
            public VmQueries M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmGetStateReply : KaitaiStruct
        {
            public static VmGetStateReply FromFile(string fileName)
            {
                return new VmGetStateReply(new KaitaiStream(fileName));
            }

            public VmGetStateReply(KaitaiStream p__io, KaitaiStruct p__parent = null, VmQueries p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmState = m_io.ReadU1();
                _osState = m_io.ReadU1();
                _appStatus = m_io.ReadU2le();
            }
            private byte _vmState;
            private byte _osState;
            private ushort _appStatus;
            private VmQueries m_root;
            private KaitaiStruct m_parent;
            public byte VmState { get { return _vmState; } }
            public byte OsState { get { return _osState; } }
            public ushort AppStatus { get { return _appStatus; } }
            public VmQueries M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmHostGetTypeReply : KaitaiStruct
        {
            public static VmHostGetTypeReply FromFile(string fileName)
            {
                return new VmHostGetTypeReply(new KaitaiStream(fileName));
            }

            public VmHostGetTypeReply(KaitaiStream p__io, KaitaiStruct p__parent = null, VmQueries p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _architecture = m_io.ReadU1();
                _hypervisor = m_io.ReadU1();
                _reserved = m_io.ReadU1();
                _version = m_io.ReadU1();
            }
            private byte _architecture;
            private byte _hypervisor;
            private byte _reserved;
            private byte _version;
            private VmQueries m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// 0x64 AArch64.
            /// </summary>
            public byte Architecture { get { return _architecture; } }

            /// <summary>
            /// 1 Gunyah with its Resource Manager.
            /// </summary>
            public byte Hypervisor { get { return _hypervisor; } }
            public byte Reserved { get { return _reserved; } }
            public byte Version { get { return _version; } }
            public VmQueries M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmLookupGuid : KaitaiStruct
        {
            public static VmLookupGuid FromFile(string fileName)
            {
                return new VmLookupGuid(new KaitaiStream(fileName));
            }

            public VmLookupGuid(KaitaiStream p__io, KaitaiStruct p__parent = null, VmQueries p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _guid = m_io.ReadBytes(16);
            }
            private byte[] _guid;
            private VmQueries m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// The groups of the written form in reading order, each with its high byte first.
            /// </summary>
            public byte[] Guid { get { return _guid; } }
            public VmQueries M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// VM_LOOKUP_URI and VM_LOOKUP_NAME. More than 79 characters, or no payload at all, are answered with &quot;argument invalid&quot;, the
        /// other violations with &quot;message invalid&quot;.
        /// </summary>
        public partial class VmLookupText : KaitaiStruct
        {
            public static VmLookupText FromFile(string fileName)
            {
                return new VmLookupText(new KaitaiStream(fileName));
            }

            public VmLookupText(KaitaiStream p__io, KaitaiStruct p__parent = null, VmQueries p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _lenName = m_io.ReadU2le();
                if (!(_lenName <= 79))
                {
                    throw new ValidationGreaterThanError(79, _lenName, m_io, "/types/vm_lookup_text/seq/0");
                }
                _reserved = m_io.ReadU2le();
                _name = m_io.ReadBytes(LenName);
                _reservedPadding = new Common.ZeroPadding(LenName, m_io);
            }
            private ushort _lenName;
            private ushort _reserved;
            private byte[] _name;
            private Common.ZeroPadding _reservedPadding;
            private VmQueries m_root;
            private KaitaiStruct m_parent;
            public ushort LenName { get { return _lenName; } }
            public ushort Reserved { get { return _reserved; } }
            public byte[] Name { get { return _name; } }
            public Common.ZeroPadding ReservedPadding { get { return _reservedPadding; } }
            public VmQueries M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmSetStatus : KaitaiStruct
        {
            public static VmSetStatus FromFile(string fileName)
            {
                return new VmSetStatus(new KaitaiStream(fileName));
            }

            public VmSetStatus(KaitaiStream p__io, KaitaiStruct p__parent = null, VmQueries p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _reserved = m_io.ReadU1();
                _osState = m_io.ReadU1();
                _appStatus = m_io.ReadU2le();
            }
            private byte _reserved;
            private byte _osState;
            private ushort _appStatus;
            private VmQueries m_root;
            private KaitaiStruct m_parent;
            public byte Reserved { get { return _reserved; } }

            /// <summary>
            /// 0 keep, 1 early boot, 2 boot, 3 init, 4 run, 5 shutdown, 6 halted, 7 crashed.
            /// </summary>
            public byte OsState { get { return _osState; } }
            public ushort AppStatus { get { return _appStatus; } }
            public VmQueries M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Replies of the lookups and of VM_GET_PEERS.
        /// </summary>
        public partial class VmidsReply : KaitaiStruct
        {
            public static VmidsReply FromFile(string fileName)
            {
                return new VmidsReply(new KaitaiStream(fileName));
            }

            public VmidsReply(KaitaiStream p__io, KaitaiStruct p__parent = null, VmQueries p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _numVmids = m_io.ReadU4le();
                {
                    uint M_ = _numVmids;
                    if (!(M_ <= (M_Io.Size - M_Io.Pos) / 4))
                    {
                        throw new ValidationExprError(_numVmids, m_io, "/types/vmids_reply/seq/0");
                    }
                }
                _vmids = new List<Common.VmidHalf>();
                for (var i = 0; i < NumVmids; i++)
                {
                    _vmids.Add(new Common.VmidHalf(m_io));
                }
            }
            private uint _numVmids;
            private List<Common.VmidHalf> _vmids;
            private VmQueries m_root;
            private KaitaiStruct m_parent;
            public uint NumVmids { get { return _numVmids; } }
            public List<Common.VmidHalf> Vmids { get { return _vmids; } }
            public VmQueries M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        private VmQueries m_root;
        private KaitaiStruct m_parent;
        public VmQueries M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
