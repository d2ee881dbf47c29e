// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild

using System.Collections.Generic;
using Kaitai;

namespace RmStack.Spec
{

    /// <summary>
    /// Lending, sharing and donating memory. Reserved bytes are not looked at by the Resource Manager in any of these requests.
    /// </summary>
    /// <remarks>
    /// Reference: RM: memparcel.c, memparcel_msg.h; Linux v17: rsc_mgr_rpc.c
    /// </remarks>
    public partial class Memparcel : KaitaiStruct
    {
        public static Memparcel FromFile(string fileName)
        {
            return new Memparcel(new KaitaiStream(fileName));
        }

        public Memparcel(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
        }

        /// <summary>
        /// Where to map, and for whom. The only list whose count word has a meaning in its upper half.
        /// </summary>
        public partial class MappingList : KaitaiStruct
        {
            public MappingList(bool p_isPresent, KaitaiStream p__io, Memparcel.MemAccept p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _isPresent = p_isPresent;
                _read();
            }
            private void _read()
            {
                if (IsPresent) {
                    _body = new MappingListBody(m_io, this, m_root);
                }
            }
            private MappingListBody _body;
            private bool _isPresent;
            private Memparcel m_root;
            private Memparcel.MemAccept m_parent;
            public MappingListBody Body { get { return _body; } }
            public bool IsPresent { get { return _isPresent; } }
            public Memparcel M_Root { get { return m_root; } }
            public Memparcel.MemAccept M_Parent { get { return m_parent; } }
        }
        public partial class MappingListBody : KaitaiStruct
        {
            public static MappingListBody FromFile(string fileName)
            {
                return new MappingListBody(new KaitaiStream(fileName));
            }

            public MappingListBody(KaitaiStream p__io, Memparcel.MappingList p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _numEntries = m_io.ReadU2le();
                {
                    ushort M_ = _numEntries;
                    if (!( ((M_ <= 512) && (M_ * 16 + 2 <= M_Io.Size - M_Io.Pos)) ))
                    {
                        throw new ValidationExprError(_numEntries, m_io, "/types/mapping_list_body/seq/0");
                    }
                }
                _mapVmid = m_io.ReadU2le();
                _entries = new List<Common.SglEntry>();
                for (var i = 0; i < NumEntries; i++)
                {
                    _entries.Add(new Common.SglEntry(m_io));
                }
            }
            private ushort _numEntries;
            private ushort _mapVmid;
            private List<Common.SglEntry> _entries;
            private Memparcel m_root;
            private Memparcel.MappingList m_parent;
            public ushort NumEntries { get { return _numEntries; } }
            public ushort MapVmid { get { return _mapVmid; } }
            public List<Common.SglEntry> Entries { get { return _entries; } }
            public Memparcel M_Root { get { return m_root; } }
            public Memparcel.MappingList M_Parent { get { return m_parent; } }
        }
        public partial class MemAccept : KaitaiStruct
        {
            public static MemAccept FromFile(string fileName)
            {
                return new MemAccept(new KaitaiStream(fileName));
            }

            public MemAccept(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                f_mapVmid = false;
                _read();
            }
            private void _read()
            {
                _parcel = m_io.ReadU4le();
                {
                    uint M_ = _parcel;
                    if (!(M_Io.Size >= 24))
                    {
                        throw new ValidationExprError(_parcel, m_io, "/types/mem_accept/seq/0");
                    }
                }
                _memType = m_io.ReadU1();
                _transType = m_io.ReadU1();
                _flags = m_io.ReadU1();
                _reserved = m_io.ReadU1();
                _label = m_io.ReadU4le();
                _acl = new Common.AclList(m_io);
                _sgl = new MappingList(!(M_Io.IsEof), m_io, this, m_root);
                _attributes = new Common.AttributeList(m_io);
            }
            private bool f_mapVmid;
            private ushort _mapVmid;
            public ushort MapVmid
            {
                get
                {
                    if (f_mapVmid)
                        return _mapVmid;
                    f_mapVmid = true;
                    _mapVmid = (ushort) ((Sgl.IsPresent ? Sgl.Body.MapVmid : 0));
                    return _mapVmid;
                }
            }
            private uint _parcel;
            private byte _memType;
            private byte _transType;
            private byte _flags;
            private byte _reserved;
            private uint _label;
            private Common.AclList _acl;
            private MappingList _sgl;
            private Common.AttributeList _attributes;
            private Memparcel m_root;
            private KaitaiStruct m_parent;
            public uint Parcel { get { return _parcel; } }
            public byte MemType { get { return _memType; } }

            /// <summary>
            /// 0 donate, 1 lend, 2 share.
            /// </summary>
            public byte TransType { get { return _transType; } }

            /// <summary>
            /// Bits 0 to 2 check sanitised, lists, label; 3 map for another VM; 4 contiguous; 5 zero at reclaim; 7 done.
            /// </summary>
            public byte Flags { get { return _flags; } }
            public byte Reserved { get { return _reserved; } }
            public uint Label { get { return _label; } }
            public Common.AclList Acl { get { return _acl; } }
            public MappingList Sgl { get { return _sgl; } }
            public Common.AttributeList Attributes { get { return _attributes; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Absent when the request said where to map; otherwise the addresses the Resource Manager chose.
        /// </summary>
        public partial class MemAcceptReply : KaitaiStruct
        {
            public static MemAcceptReply FromFile(string fileName)
            {
                return new MemAcceptReply(new KaitaiStream(fileName));
            }

            public MemAcceptReply(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                if (M_Io.Size > 0) {
                    _chosen = new Mapping(m_io, this, m_root);
                }
            }
            public partial class Mapping : KaitaiStruct
            {
                public static Mapping FromFile(string fileName)
                {
                    return new Mapping(new KaitaiStream(fileName));
                }

                public Mapping(KaitaiStream p__io, Memparcel.MemAcceptReply p__parent = null, Memparcel p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _read();
                }
                private void _read()
                {
                    _numEntries = m_io.ReadU2le();
                    {
                        ushort M_ = _numEntries;
                        if (!( ((M_ <= 512) && (M_ * 16 + 2 <= M_Io.Size - M_Io.Pos)) ))
                        {
                            throw new ValidationExprError(_numEntries, m_io, "/types/mem_accept_reply/types/mapping/seq/0");
                        }
                    }
                    _flags = m_io.ReadU1();
                    _reserved = m_io.ReadU1();
                    _sgl = new List<Common.SglEntry>();
                    for (var i = 0; i < NumEntries; i++)
                    {
                        _sgl.Add(new Common.SglEntry(m_io));
                    }
                }
                private ushort _numEntries;
                private byte _flags;
                private byte _reserved;
                private List<Common.SglEntry> _sgl;
                private Memparcel m_root;
                private Memparcel.MemAcceptReply m_parent;
                public ushort NumEntries { get { return _numEntries; } }

                /// <summary>
                /// Bit 0 more addresses are to be allocated by another request.
                /// </summary>
                public byte Flags { get { return _flags; } }
                public byte Reserved { get { return _reserved; } }
                public List<Common.SglEntry> Sgl { get { return _sgl; } }
                public Memparcel M_Root { get { return m_root; } }
                public Memparcel.MemAcceptReply M_Parent { get { return m_parent; } }
            }
            private Mapping _chosen;
            private Memparcel m_root;
            private KaitaiStruct m_parent;
            public Mapping Chosen { get { return _chosen; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class MemAppend : KaitaiStruct
        {
            public static MemAppend FromFile(string fileName)
            {
                return new MemAppend(new KaitaiStream(fileName));
            }

            public MemAppend(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _parcel = m_io.ReadU4le();
                {
                    uint M_ = _parcel;
                    if (!(M_Io.Size >= 12))
                    {
                        throw new ValidationExprError(_parcel, m_io, "/types/mem_append/seq/0");
                    }
                }
                _flags = m_io.ReadU1();
                _reserved = m_io.ReadBytes(3);
                _sgl = new Common.SglList(m_io);
            }
            private uint _parcel;
            private byte _flags;
            private byte[] _reserved;
            private Common.SglList _sgl;
            private Memparcel m_root;
            private KaitaiStruct m_parent;
            public uint Parcel { get { return _parcel; } }

            /// <summary>
            /// Bit 0 these are the last entries.
            /// </summary>
            public byte Flags { get { return _flags; } }
            public byte[] Reserved { get { return _reserved; } }
            public Common.SglList Sgl { get { return _sgl; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// MEM_DONATE, MEM_LEND and MEM_SHARE.
        /// </summary>
        public partial class MemCreate : KaitaiStruct
        {
            public static MemCreate FromFile(string fileName)
            {
                return new MemCreate(new KaitaiStream(fileName));
            }

            public MemCreate(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _memType = m_io.ReadU1();
                {
                    byte M_ = _memType;
                    if (!(M_Io.Size >= 20))
                    {
                        throw new ValidationExprError(_memType, m_io, "/types/mem_create/seq/0");
                    }
                }
                _reserved0 = m_io.ReadU1();
                _flags = m_io.ReadU1();
                _reserved1 = m_io.ReadU1();
                _label = m_io.ReadU4le();
                _acl = new Common.AclList(m_io);
                _sgl = new Common.SglList(m_io);
                _attributes = new Common.AttributeList(m_io);
            }
            private byte _memType;
            private byte _reserved0;
            private byte _flags;
            private byte _reserved1;
            private uint _label;
            private Common.AclList _acl;
            private Common.SglList _sgl;
            private Common.AttributeList _attributes;
            private Memparcel m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// 0 normal, 1 IO.
            /// </summary>
            public byte MemType { get { return _memType; } }
            public byte Reserved0 { get { return _reserved0; } }

            /// <summary>
            /// Bit 0 zero the memory now, bit 1 more entries follow in MEM_APPEND.
            /// </summary>
            public byte Flags { get { return _flags; } }
            public byte Reserved1 { get { return _reserved1; } }
            public uint Label { get { return _label; } }
            public Common.AclList Acl { get { return _acl; } }
            public Common.SglList Sgl { get { return _sgl; } }
            public Common.AttributeList Attributes { get { return _attributes; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// MEM_RELEASE by a recipient and MEM_RECLAIM by the owner. What follows the eighth byte is not looked at.
        /// </summary>
        public partial class MemGiveBack : KaitaiStruct
        {
            public static MemGiveBack FromFile(string fileName)
            {
                return new MemGiveBack(new KaitaiStream(fileName));
            }

            public MemGiveBack(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _parcel = m_io.ReadU4le();
                _flags = m_io.ReadU1();
                _reserved0 = m_io.ReadBytes(3);
                _reservedRest = m_io.ReadBytesFull();
            }
            private uint _parcel;
            private byte _flags;
            private byte[] _reserved0;
            private byte[] _reservedRest;
            private Memparcel m_root;
            private KaitaiStruct m_parent;
            public uint Parcel { get { return _parcel; } }

            /// <summary>
            /// Bit 0 zero the memory.
            /// </summary>
            public byte Flags { get { return _flags; } }
            public byte[] Reserved0 { get { return _reserved0; } }
            public byte[] ReservedRest { get { return _reservedRest; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class MemHandleReply : KaitaiStruct
        {
            public static MemHandleReply FromFile(string fileName)
            {
                return new MemHandleReply(new KaitaiStream(fileName));
            }

            public MemHandleReply(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _parcel = m_io.ReadU4le();
            }
            private uint _parcel;
            private Memparcel m_root;
            private KaitaiStruct m_parent;
            public uint Parcel { get { return _parcel; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Only SHARED (1) and RECALL (8) name VMs. Bytes after what is read are not looked at.
        /// </summary>
        public partial class MemNotify : KaitaiStruct
        {
            public static MemNotify FromFile(string fileName)
            {
                return new MemNotify(new KaitaiStream(fileName));
            }

            public MemNotify(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _parcel = m_io.ReadU4le();
                _flags = m_io.ReadU1();
                _reserved0 = m_io.ReadBytes(3);
                _tag = m_io.ReadU4le();
                _vmids = new Common.VmidList( ((Flags == 1) || (Flags == 8)) , m_io);
                _reservedRest = m_io.ReadBytesFull();
            }
            private uint _parcel;
            private byte _flags;
            private byte[] _reserved0;
            private uint _tag;
            private Common.VmidList _vmids;
            private byte[] _reservedRest;
            private Memparcel m_root;
            private KaitaiStruct m_parent;
            public uint Parcel { get { return _parcel; } }

            /// <summary>
            /// 1 SHARED, 2 RELEASED, 4 ACCEPTED, 8 RECALL.
            /// </summary>
            public byte Flags { get { return _flags; } }
            public byte[] Reserved0 { get { return _reserved0; } }
            public uint Tag { get { return _tag; } }
            public Common.VmidList Vmids { get { return _vmids; } }
            public byte[] ReservedRest { get { return _reservedRest; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class MemQcomLookupSgl : KaitaiStruct
        {
            public static MemQcomLookupSgl FromFile(string fileName)
            {
                return new MemQcomLookupSgl(new KaitaiStream(fileName));
            }

            public MemQcomLookupSgl(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _memType = m_io.ReadU1();
                {
                    byte M_ = _memType;
                    if (!(M_Io.Size >= 16))
                    {
                        throw new ValidationExprError(_memType, m_io, "/types/mem_qcom_lookup_sgl/seq/0");
                    }
                }
                _reserved = m_io.ReadBytes(3);
                _label = m_io.ReadU4le();
                _acl = new Common.AclList(m_io);
                _sgl = new Common.SglList(m_io);
                _attributes = new Common.AttributeList(m_io);
            }
            private byte _memType;
            private byte[] _reserved;
            private uint _label;
            private Common.AclList _acl;
            private Common.SglList _sgl;
            private Common.AttributeList _attributes;
            private Memparcel m_root;
            private KaitaiStruct m_parent;
            public byte MemType { get { return _memType; } }
            public byte[] Reserved { get { return _reserved; } }
            public uint Label { get { return _label; } }
            public Common.AclList Acl { get { return _acl; } }
            public Common.SglList Sgl { get { return _sgl; } }
            public Common.AttributeList Attributes { get { return _attributes; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class MemRecall : KaitaiStruct
        {
            public static MemRecall FromFile(string fileName)
            {
                return new MemRecall(new KaitaiStream(fileName));
            }

            public MemRecall(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _parcel = m_io.ReadU4le();
                _tag = m_io.ReadU4le();
            }
            private uint _parcel;
            private uint _tag;
            private Memparcel m_root;
            private KaitaiStruct m_parent;
            public uint Parcel { get { return _parcel; } }
            public uint Tag { get { return _tag; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// MEM_RELEASED and MEM_ACCEPTED, to the owner.
        /// </summary>
        public partial class MemRecipientEvent : KaitaiStruct
        {
            public static MemRecipientEvent FromFile(string fileName)
            {
                return new MemRecipientEvent(new KaitaiStream(fileName));
            }

            public MemRecipientEvent(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _parcel = m_io.ReadU4le();
                _vmid = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
                _tag = m_io.ReadU4le();
            }
            private uint _parcel;
            private ushort _vmid;
            private ushort _reserved;
            private uint _tag;
            private Memparcel m_root;
            private KaitaiStruct m_parent;
            public uint Parcel { get { return _parcel; } }

            /// <summary>
            /// The recipient.
            /// </summary>
            public ushort Vmid { get { return _vmid; } }
            public ushort Reserved { get { return _reserved; } }
            public uint Tag { get { return _tag; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// To a recipient. Sizes of the regions only, no addresses of the owner. All three lists are always there.
        /// </summary>
        public partial class MemShared : KaitaiStruct
        {
            public static MemShared FromFile(string fileName)
            {
                return new MemShared(new KaitaiStream(fileName));
            }

            public MemShared(KaitaiStream p__io, KaitaiStruct p__parent = null, Memparcel p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _parcel = m_io.ReadU4le();
                {
                    uint M_ = _parcel;
                    if (!(M_Io.Size >= 32))
                    {
                        throw new ValidationExprError(_parcel, m_io, "/types/mem_shared/seq/0");
                    }
                }
                _memType = m_io.ReadU1();
                _transType = m_io.ReadU1();
                _flags = m_io.ReadU1();
                _reserved0 = m_io.ReadU1();
                _owner = m_io.ReadU2le();
                _reserved1 = m_io.ReadU2le();
                _label = m_io.ReadU4le();
                _tag = m_io.ReadU4le();
                _acl = new Common.AclListBody(m_io);
                _sizes = new SizeList(m_io, this, m_root);
                _attributes = new Common.AttributeListBody(m_io);
            }
            public partial class SizeList : KaitaiStruct
            {
                public static SizeList FromFile(string fileName)
                {
                    return new SizeList(new KaitaiStream(fileName));
                }

                public SizeList(KaitaiStream p__io, Memparcel.MemShared p__parent = null, Memparcel p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _read();
                }
                private void _read()
                {
                    _numEntries = m_io.ReadU2le();
                    {
                        ushort M_ = _numEntries;
                        if (!( ((M_ <= 512) && (M_ * 8 + 2 <= M_Io.Size - M_Io.Pos)) ))
                        {
                            throw new ValidationExprError(_numEntries, m_io, "/types/mem_shared/types/size_list/seq/0");
                        }
                    }
                    _reserved = m_io.ReadU2le();
                    _entries = new List<Common.SizeEntry>();
                    for (var i = 0; i < NumEntries; i++)
                    {
                        _entries.Add(new Common.SizeEntry(m_io));
                    }
                }
                private ushort _numEntries;
                private ushort _reserved;
                private List<Common.SizeEntry> _entries;
                private Memparcel m_root;
                private Memparcel.MemShared m_parent;
                public ushort NumEntries { get { return _numEntries; } }
                public ushort Reserved { get { return _reserved; } }
                public List<Common.SizeEntry> Entries { get { return _entries; } }
                public Memparcel M_Root { get { return m_root; } }
                public Memparcel.MemShared M_Parent { get { return m_parent; } }
            }
            private uint _parcel;
            private byte _memType;
            private byte _transType;
            private byte _flags;
            private byte _reserved0;
            private ushort _owner;
            private ushort _reserved1;
            private uint _label;
            private uint _tag;
            private Common.AclListBody _acl;
            private SizeList _sizes;
            private Common.AttributeListBody _attributes;
            private Memparcel m_root;
            private KaitaiStruct m_parent;
            public uint Parcel { get { return _parcel; } }
            public byte MemType { get { return _memType; } }
            public byte TransType { get { return _transType; } }

            /// <summary>
            /// Bit 0 the memory was zeroed when the parcel was made.
            /// </summary>
            public byte Flags { get { return _flags; } }
            public byte Reserved0 { get { return _reserved0; } }
            public ushort Owner { get { return _owner; } }
            public ushort Reserved1 { get { return _reserved1; } }
            public uint Label { get { return _label; } }
            public uint Tag { get { return _tag; } }
            public Common.AclListBody Acl { get { return _acl; } }
            public SizeList Sizes { get { return _sizes; } }
            public Common.AttributeListBody Attributes { get { return _attributes; } }
            public Memparcel M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        private Memparcel m_root;
        private KaitaiStruct m_parent;
        public Memparcel M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
