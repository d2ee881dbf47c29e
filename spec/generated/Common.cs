// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild

using System.Collections.Generic;
using Kaitai;

namespace RmStack.Spec
{

    /// <summary>
    /// A list on this link is a count word (low half: how many; high half: not looked at) and its entries. Where the Resource
    /// Manager reads lists one after another, a payload that ends before a count word has an empty list there; one to three bytes
    /// in its place, more than 512 entries, or entries that do not fit make the request malformed.
    /// The count is compared with the bytes that are left before an entry is read, so no count can ask for more than was sent.
    /// Ids that begin with `reserved`, `num_` or `len_` are no fields of a message, only part of how it is laid out.
    /// </summary>
    /// <remarks>
    /// Reference: RM: rm-rpc.c, memparcel.c, memparcel_msg.h
    /// </remarks>
    public partial class Common : KaitaiStruct
    {
        public static Common FromFile(string fileName)
        {
            return new Common(new KaitaiStream(fileName));
        }

        public Common(KaitaiStream p__io, KaitaiStruct p__parent = null, Common p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
        }
        public partial class AclEntry : KaitaiStruct
        {
            public static AclEntry FromFile(string fileName)
            {
                return new AclEntry(new KaitaiStream(fileName));
            }

            public AclEntry(KaitaiStream p__io, Common.AclListBody p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _rights = m_io.ReadU1();
                _reserved = m_io.ReadU1();
            }
            private ushort _vmid;
            private byte _rights;
            private byte _reserved;
            private Common m_root;
            private Common.AclListBody m_parent;
            public ushort Vmid { get { return _vmid; } }

            /// <summary>
            /// Bit 0 execute, bit 1 write, bit 2 read.
            /// </summary>
            public byte Rights { get { return _rights; } }
            public byte Reserved { get { return _reserved; } }
            public Common M_Root { get { return m_root; } }
            public Common.AclListBody M_Parent { get { return m_parent; } }
        }
        public partial class AclList : KaitaiStruct
        {
            public static AclList FromFile(string fileName)
            {
                return new AclList(new KaitaiStream(fileName));
            }

            public AclList(KaitaiStream p__io, KaitaiStruct p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                if (!(M_Io.IsEof)) {
                    _body = new AclListBody(m_io, this, m_root);
                }
            }
            private AclListBody _body;
            private Common m_root;
            private KaitaiStruct m_parent;
            public AclListBody Body { get { return _body; } }
            public Common M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class AclListBody : KaitaiStruct
        {
            public static AclListBody FromFile(string fileName)
            {
                return new AclListBody(new KaitaiStream(fileName));
            }

            public AclListBody(KaitaiStream p__io, Common.AclList p__parent = null, Common p__root = null) : base(p__io)
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
                    if (!( ((M_ <= 512) && (M_ * 4 + 2 <= M_Io.Size - M_Io.Pos)) ))
                    {
                        throw new ValidationExprError(_numEntries, m_io, "/types/acl_list_body/seq/0");
                    }
                }
                _reserved = m_io.ReadU2le();
                _entries = new List<AclEntry>();
                for (var i = 0; i < NumEntries; i++)
                {
                    _entries.Add(new AclEntry(m_io, this, m_root));
                }
            }
            private ushort _numEntries;
            private ushort _reserved;
            private List<AclEntry> _entries;
            private Common m_root;
            private Common.AclList m_parent;
            public ushort NumEntries { get { return _numEntries; } }
            public ushort Reserved { get { return _reserved; } }
            public List<AclEntry> Entries { get { return _entries; } }
            public Common M_Root { get { return m_root; } }
            public Common.AclList M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// The attribute comes first here; in an access list the VMID does.
        /// </summary>
        public partial class AttributeEntry : KaitaiStruct
        {
            public static AttributeEntry FromFile(string fileName)
            {
                return new AttributeEntry(new KaitaiStream(fileName));
            }

            public AttributeEntry(KaitaiStream p__io, Common.AttributeListBody p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _attribute = m_io.ReadU2le();
                _vmid = m_io.ReadU2le();
            }
            private ushort _attribute;
            private ushort _vmid;
            private Common m_root;
            private Common.AttributeListBody m_parent;

            /// <summary>
            /// 0 normal, 1 device, 2 uncached, 3 cached.
            /// </summary>
            public ushort Attribute { get { return _attribute; } }
            public ushort Vmid { get { return _vmid; } }
            public Common M_Root { get { return m_root; } }
            public Common.AttributeListBody M_Parent { get { return m_parent; } }
        }
        public partial class AttributeList : KaitaiStruct
        {
            public static AttributeList FromFile(string fileName)
            {
                return new AttributeList(new KaitaiStream(fileName));
            }

            public AttributeList(KaitaiStream p__io, KaitaiStruct p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                if (!(M_Io.IsEof)) {
                    _body = new AttributeListBody(m_io, this, m_root);
                }
            }
            private AttributeListBody _body;
            private Common m_root;
            private KaitaiStruct m_parent;
            public AttributeListBody Body { get { return _body; } }
            public Common M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class AttributeListBody : KaitaiStruct
        {
            public static AttributeListBody FromFile(string fileName)
            {
                return new AttributeListBody(new KaitaiStream(fileName));
            }

            public AttributeListBody(KaitaiStream p__io, Common.AttributeList p__parent = null, Common p__root = null) : base(p__io)
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
                    if (!( ((M_ <= 512) && (M_ * 4 + 2 <= M_Io.Size - M_Io.Pos)) ))
                    {
                        throw new ValidationExprError(_numEntries, m_io, "/types/attribute_list_body/seq/0");
                    }
                }
                _reserved = m_io.ReadU2le();
                _entries = new List<AttributeEntry>();
                for (var i = 0; i < NumEntries; i++)
                {
                    _entries.Add(new AttributeEntry(m_io, this, m_root));
                }
            }
            private ushort _numEntries;
            private ushort _reserved;
            private List<AttributeEntry> _entries;
            private Common m_root;
            private Common.AttributeList m_parent;
            public ushort NumEntries { get { return _numEntries; } }
            public ushort Reserved { get { return _reserved; } }
            public List<AttributeEntry> Entries { get { return _entries; } }
            public Common M_Root { get { return m_root; } }
            public Common.AttributeList M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// A message that has no payload.
        /// </summary>
        public partial class Nothing : KaitaiStruct
        {
            public static Nothing FromFile(string fileName)
            {
                return new Nothing(new KaitaiStream(fileName));
            }

            public Nothing(KaitaiStream p__io, KaitaiStruct p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
            }
            private Common m_root;
            private KaitaiStruct m_parent;
            public Common M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// A payload of which no layout is public.
        /// </summary>
        public partial class Opaque : KaitaiStruct
        {
            public static Opaque FromFile(string fileName)
            {
                return new Opaque(new KaitaiStream(fileName));
            }

            public Opaque(KaitaiStream p__io, KaitaiStruct p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _payload = m_io.ReadBytesFull();
            }
            private byte[] _payload;
            private Common m_root;
            private KaitaiStruct m_parent;
            public byte[] Payload { get { return _payload; } }
            public Common M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class SglEntry : KaitaiStruct
        {
            public static SglEntry FromFile(string fileName)
            {
                return new SglEntry(new KaitaiStream(fileName));
            }

            public SglEntry(KaitaiStream p__io, Common.SglListBody p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _address = m_io.ReadU8le();
                _size = m_io.ReadU8le();
            }
            private ulong _address;
            private ulong _size;
            private Common m_root;
            private Common.SglListBody m_parent;

            /// <summary>
            /// Start of the range in the address space of the VM that sends or is told it.
            /// </summary>
            public ulong Address { get { return _address; } }
            public ulong Size { get { return _size; } }
            public Common M_Root { get { return m_root; } }
            public Common.SglListBody M_Parent { get { return m_parent; } }
        }
        public partial class SglList : KaitaiStruct
        {
            public static SglList FromFile(string fileName)
            {
                return new SglList(new KaitaiStream(fileName));
            }

            public SglList(KaitaiStream p__io, KaitaiStruct p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                if (!(M_Io.IsEof)) {
                    _body = new SglListBody(m_io, this, m_root);
                }
            }
            private SglListBody _body;
            private Common m_root;
            private KaitaiStruct m_parent;
            public SglListBody Body { get { return _body; } }
            public Common M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class SglListBody : KaitaiStruct
        {
            public static SglListBody FromFile(string fileName)
            {
                return new SglListBody(new KaitaiStream(fileName));
            }

            public SglListBody(KaitaiStream p__io, Common.SglList p__parent = null, Common p__root = null) : base(p__io)
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
                        throw new ValidationExprError(_numEntries, m_io, "/types/sgl_list_body/seq/0");
                    }
                }
                _reserved = m_io.ReadU2le();
                _entries = new List<SglEntry>();
                for (var i = 0; i < NumEntries; i++)
                {
                    _entries.Add(new SglEntry(m_io, this, m_root));
                }
            }
            private ushort _numEntries;
            private ushort _reserved;
            private List<SglEntry> _entries;
            private Common m_root;
            private Common.SglList m_parent;
            public ushort NumEntries { get { return _numEntries; } }
            public ushort Reserved { get { return _reserved; } }
            public List<SglEntry> Entries { get { return _entries; } }
            public Common M_Root { get { return m_root; } }
            public Common.SglList M_Parent { get { return m_parent; } }
        }
        public partial class SizeEntry : KaitaiStruct
        {
            public static SizeEntry FromFile(string fileName)
            {
                return new SizeEntry(new KaitaiStream(fileName));
            }

            public SizeEntry(KaitaiStream p__io, KaitaiStruct p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _size = m_io.ReadU8le();
            }
            private ulong _size;
            private Common m_root;
            private KaitaiStruct m_parent;
            public ulong Size { get { return _size; } }
            public Common M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// A VMID in the low half of a word.
        /// </summary>
        public partial class VmidHalf : KaitaiStruct
        {
            public static VmidHalf FromFile(string fileName)
            {
                return new VmidHalf(new KaitaiStream(fileName));
            }

            public VmidHalf(KaitaiStream p__io, Common.VmidListBody p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
            }
            private ushort _vmid;
            private ushort _reserved;
            private Common m_root;
            private Common.VmidListBody m_parent;
            public ushort Vmid { get { return _vmid; } }
            public ushort Reserved { get { return _reserved; } }
            public Common M_Root { get { return m_root; } }
            public Common.VmidListBody M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Whom to notify. Read by code of its own in each message, without the limit of 512; `is_present` says whether the message
        /// has the list at all.
        /// </summary>
        public partial class VmidList : KaitaiStruct
        {
            public VmidList(bool p_isPresent, KaitaiStream p__io, KaitaiStruct p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _isPresent = p_isPresent;
                _read();
            }
            private void _read()
            {
                if (IsPresent) {
                    _body = new VmidListBody(m_io, this, m_root);
                }
            }
            private VmidListBody _body;
            private bool _isPresent;
            private Common m_root;
            private KaitaiStruct m_parent;
            public VmidListBody Body { get { return _body; } }
            public bool IsPresent { get { return _isPresent; } }
            public Common M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmidListBody : KaitaiStruct
        {
            public static VmidListBody FromFile(string fileName)
            {
                return new VmidListBody(new KaitaiStream(fileName));
            }

            public VmidListBody(KaitaiStream p__io, Common.VmidList p__parent = null, Common p__root = null) : base(p__io)
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
                    if (!(M_ * 4 + 2 <= M_Io.Size - M_Io.Pos))
                    {
                        throw new ValidationExprError(_numEntries, m_io, "/types/vmid_list_body/seq/0");
                    }
                }
                _reserved = m_io.ReadU2le();
                _entries = new List<VmidHalf>();
                for (var i = 0; i < NumEntries; i++)
                {
                    _entries.Add(new VmidHalf(m_io, this, m_root));
                }
            }
            private ushort _numEntries;
            private ushort _reserved;
            private List<VmidHalf> _entries;
            private Common m_root;
            private Common.VmidList m_parent;
            public ushort NumEntries { get { return _numEntries; } }
            public ushort Reserved { get { return _reserved; } }
            public List<VmidHalf> Entries { get { return _entries; } }
            public Common M_Root { get { return m_root; } }
            public Common.VmidList M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Zero bytes after `len_before` bytes of text, to the next multiple of four.
        /// </summary>
        public partial class ZeroPadding : KaitaiStruct
        {
            public ZeroPadding(uint p_lenBefore, KaitaiStream p__io, KaitaiStruct p__parent = null, Common p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _lenBefore = p_lenBefore;
                _read();
            }
            private void _read()
            {
                _reserved = new List<byte>();
                for (var i = 0; i < KaitaiStream.Mod(4 - KaitaiStream.Mod(LenBefore, 4), 4); i++)
                {
                    _reserved.Add(m_io.ReadU1());
                    if (!(_reserved[i] == 0))
                    {
                        throw new ValidationNotEqualError(0, _reserved[i], m_io, "/types/zero_padding/seq/0");
                    }
                }
            }
            private List<byte> _reserved;
            private uint _lenBefore;
            private Common m_root;
            private KaitaiStruct m_parent;
            public List<byte> Reserved { get { return _reserved; } }
            public uint LenBefore { get { return _lenBefore; } }
            public Common M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        private Common m_root;
        private KaitaiStruct m_parent;
        public Common M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
