// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
using Kaitai;

namespace RmStack.Spec
{

    /// <summary>
    /// No public Resource Manager handles the minidump requests; their layout is what a downstream Linux driver sends and expects.
    /// </summary>
    /// <remarks>
    /// Reference: RM (newer): log.c; downstream Linux: gh_rm_iface.c, gh_rm_drv_private.h
    /// </remarks>
    public partial class Diagnostics : KaitaiStruct
    {
        public static Diagnostics FromFile(string fileName)
        {
            return new Diagnostics(new KaitaiStream(fileName));
        }

        public Diagnostics(KaitaiStream p__io, KaitaiStruct p__parent = null, Diagnostics p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
        }
        public partial class GetLog : KaitaiStruct
        {
            public static GetLog FromFile(string fileName)
            {
                return new GetLog(new KaitaiStream(fileName));
            }

            public GetLog(KaitaiStream p__io, KaitaiStruct p__parent = null, Diagnostics p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _log = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
            }
            private ushort _log;
            private ushort _reserved;
            private Diagnostics m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// 0 the Resource Manager's.
            /// </summary>
            public ushort Log { get { return _log; } }
            public ushort Reserved { get { return _reserved; } }
            public Diagnostics M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class GetLogReply : KaitaiStruct
        {
            public static GetLogReply FromFile(string fileName)
            {
                return new GetLogReply(new KaitaiStream(fileName));
            }

            public GetLogReply(KaitaiStream p__io, KaitaiStruct p__parent = null, Diagnostics p__root = null) : base(p__io)
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
            private Diagnostics m_root;
            private KaitaiStruct m_parent;
            public ulong Address { get { return _address; } }
            public ulong Size { get { return _size; } }
            public Diagnostics M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class MinidumpGetInfo : KaitaiStruct
        {
            public static MinidumpGetInfo FromFile(string fileName)
            {
                return new MinidumpGetInfo(new KaitaiStream(fileName));
            }

            public MinidumpGetInfo(KaitaiStream p__io, KaitaiStruct p__parent = null, Diagnostics p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _reserved = m_io.ReadU4le();
            }
            private uint _reserved;
            private Diagnostics m_root;
            private KaitaiStruct m_parent;
            public uint Reserved { get { return _reserved; } }
            public Diagnostics M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class MinidumpGetSlotNumber : KaitaiStruct
        {
            public static MinidumpGetSlotNumber FromFile(string fileName)
            {
                return new MinidumpGetSlotNumber(new KaitaiStream(fileName));
            }

            public MinidumpGetSlotNumber(KaitaiStream p__io, KaitaiStruct p__parent = null, Diagnostics p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _lenName = m_io.ReadU1();
                _reserved0 = m_io.ReadBytes(3);
                _firstSlot = m_io.ReadU2le();
                _reserved1 = m_io.ReadU2le();
                _name = m_io.ReadBytes(LenName);
            }
            private byte _lenName;
            private byte[] _reserved0;
            private ushort _firstSlot;
            private ushort _reserved1;
            private byte[] _name;
            private Diagnostics m_root;
            private KaitaiStruct m_parent;
            public byte LenName { get { return _lenName; } }
            public byte[] Reserved0 { get { return _reserved0; } }
            public ushort FirstSlot { get { return _firstSlot; } }
            public ushort Reserved1 { get { return _reserved1; } }
            public byte[] Name { get { return _name; } }
            public Diagnostics M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class MinidumpRegisterRange : KaitaiStruct
        {
            public static MinidumpRegisterRange FromFile(string fileName)
            {
                return new MinidumpRegisterRange(new KaitaiStream(fileName));
            }

            public MinidumpRegisterRange(KaitaiStream p__io, KaitaiStruct p__parent = null, Diagnostics p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _base = m_io.ReadU8le();
                _size = m_io.ReadU8le();
                _lenName = m_io.ReadU1();
                _reservedNameOffset = m_io.ReadU1();
                _reserved = m_io.ReadU2le();
                _name = m_io.ReadBytes(LenName);
            }
            private ulong _base;
            private ulong _size;
            private byte _lenName;
            private byte _reservedNameOffset;
            private ushort _reserved;
            private byte[] _name;
            private Diagnostics m_root;
            private KaitaiStruct m_parent;
            public ulong Base { get { return _base; } }
            public ulong Size { get { return _size; } }
            public byte LenName { get { return _lenName; } }

            /// <summary>
            /// The driver writes 28 although the name begins at 20.
            /// </summary>
            public byte ReservedNameOffset { get { return _reservedNameOffset; } }
            public ushort Reserved { get { return _reserved; } }
            public byte[] Name { get { return _name; } }
            public Diagnostics M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Every minidump reply but the last, and the request of MINIDUMP_DEREGISTER_SLOT. Of MINIDUMP_GET_INFO it is how many are free.
        /// </summary>
        public partial class MinidumpSlot : KaitaiStruct
        {
            public static MinidumpSlot FromFile(string fileName)
            {
                return new MinidumpSlot(new KaitaiStream(fileName));
            }

            public MinidumpSlot(KaitaiStream p__io, KaitaiStruct p__parent = null, Diagnostics p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _slot = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
            }
            private ushort _slot;
            private ushort _reserved;
            private Diagnostics m_root;
            private KaitaiStruct m_parent;
            public ushort Slot { get { return _slot; } }
            public ushort Reserved { get { return _reserved; } }
            public Diagnostics M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        private Diagnostics m_root;
        private KaitaiStruct m_parent;
        public Diagnostics M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
