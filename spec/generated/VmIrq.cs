// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
using Kaitai;

namespace RmStack.Spec
{

    /// <remarks>
    /// Reference: RM: irq_manager.c, irq_message.h
    /// </remarks>
    public partial class VmIrq : KaitaiStruct
    {
        public static VmIrq FromFile(string fileName)
        {
            return new VmIrq(new KaitaiStream(fileName));
        }

        public VmIrq(KaitaiStream p__io, KaitaiStruct p__parent = null, VmIrq p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
        }
        public partial class VmIrqAccept : KaitaiStruct
        {
            public static VmIrqAccept FromFile(string fileName)
            {
                return new VmIrqAccept(new KaitaiStream(fileName));
            }

            public VmIrqAccept(KaitaiStream p__io, KaitaiStruct p__parent = null, VmIrq p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _irq = m_io.ReadU4le();
                _virq = m_io.ReadU4le();
            }
            private uint _irq;
            private uint _virq;
            private VmIrq m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// Handle of the lent interrupt.
            /// </summary>
            public uint Irq { get { return _irq; } }

            /// <summary>
            /// The number wanted; all ones leaves the choice to the Resource Manager.
            /// </summary>
            public uint Virq { get { return _virq; } }
            public VmIrq M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// VM_IRQ_RELEASE, VM_IRQ_RECLAIM, the reply of VM_IRQ_LEND, and what RELEASED and ACCEPTED notify.
        /// </summary>
        public partial class VmIrqHandle : KaitaiStruct
        {
            public static VmIrqHandle FromFile(string fileName)
            {
                return new VmIrqHandle(new KaitaiStream(fileName));
            }

            public VmIrqHandle(KaitaiStream p__io, KaitaiStruct p__parent = null, VmIrq p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _irq = m_io.ReadU4le();
            }
            private uint _irq;
            private VmIrq m_root;
            private KaitaiStruct m_parent;
            public uint Irq { get { return _irq; } }
            public VmIrq M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmIrqLend : KaitaiStruct
        {
            public static VmIrqLend FromFile(string fileName)
            {
                return new VmIrqLend(new KaitaiStream(fileName));
            }

            public VmIrqLend(KaitaiStream p__io, KaitaiStruct p__parent = null, VmIrq p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _borrower = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
                _virq = m_io.ReadU4le();
                _label = m_io.ReadU4le();
            }
            private ushort _borrower;
            private ushort _reserved;
            private uint _virq;
            private uint _label;
            private VmIrq m_root;
            private KaitaiStruct m_parent;
            public ushort Borrower { get { return _borrower; } }
            public ushort Reserved { get { return _reserved; } }
            public uint Virq { get { return _virq; } }
            public uint Label { get { return _label; } }
            public VmIrq M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmIrqLent : KaitaiStruct
        {
            public static VmIrqLent FromFile(string fileName)
            {
                return new VmIrqLent(new KaitaiStream(fileName));
            }

            public VmIrqLent(KaitaiStream p__io, KaitaiStruct p__parent = null, VmIrq p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _owner = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
                _irq = m_io.ReadU4le();
                _label = m_io.ReadU4le();
            }
            private ushort _owner;
            private ushort _reserved;
            private uint _irq;
            private uint _label;
            private VmIrq m_root;
            private KaitaiStruct m_parent;
            public ushort Owner { get { return _owner; } }
            public ushort Reserved { get { return _reserved; } }
            public uint Irq { get { return _irq; } }
            public uint Label { get { return _label; } }
            public VmIrq M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// LENT (1) may name VMs; every other value has to end after the flags.
        /// </summary>
        public partial class VmIrqNotify : KaitaiStruct
        {
            public static VmIrqNotify FromFile(string fileName)
            {
                return new VmIrqNotify(new KaitaiStream(fileName));
            }

            public VmIrqNotify(KaitaiStream p__io, KaitaiStruct p__parent = null, VmIrq p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _irq = m_io.ReadU4le();
                _flags = m_io.ReadU4le();
                _vmids = new Common.VmidList( ((Flags == 1) && (!(M_Io.IsEof))) , m_io);
            }
            private uint _irq;
            private uint _flags;
            private Common.VmidList _vmids;
            private VmIrq m_root;
            private KaitaiStruct m_parent;
            public uint Irq { get { return _irq; } }

            /// <summary>
            /// 1 LENT, 2 RELEASED, 4 ACCEPTED.
            /// </summary>
            public uint Flags { get { return _flags; } }
            public Common.VmidList Vmids { get { return _vmids; } }
            public VmIrq M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Reply of VM_IRQ_ACCEPT.
        /// </summary>
        public partial class VmIrqNumber : KaitaiStruct
        {
            public static VmIrqNumber FromFile(string fileName)
            {
                return new VmIrqNumber(new KaitaiStream(fileName));
            }

            public VmIrqNumber(KaitaiStream p__io, KaitaiStruct p__parent = null, VmIrq p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _virq = m_io.ReadU4le();
            }
            private uint _virq;
            private VmIrq m_root;
            private KaitaiStruct m_parent;
            public uint Virq { get { return _virq; } }
            public VmIrq M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        private VmIrq m_root;
        private KaitaiStruct m_parent;
        public VmIrq M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
