// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
using Kaitai;

namespace RmStack.Spec
{

    /// <remarks>
    /// Reference: RM: vm_console_simple.c, vm_console_message.h
    /// </remarks>
    public partial class VmConsole : KaitaiStruct
    {
        public static VmConsole FromFile(string fileName)
        {
            return new VmConsole(new KaitaiStream(fileName));
        }

        public VmConsole(KaitaiStream p__io, KaitaiStruct p__parent = null, VmConsole p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
        }
        public partial class VmConsoleChars : KaitaiStruct
        {
            public static VmConsoleChars FromFile(string fileName)
            {
                return new VmConsoleChars(new KaitaiStream(fileName));
            }

            public VmConsoleChars(KaitaiStream p__io, KaitaiStruct p__parent = null, VmConsole p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _from = m_io.ReadU2le();
                _lenText = m_io.ReadU2le();
                _text = m_io.ReadBytes(LenText);
            }
            private ushort _from;
            private ushort _lenText;
            private byte[] _text;
            private VmConsole m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// The VM that wrote, 0 when its owner did.
            /// </summary>
            public ushort From { get { return _from; } }
            public ushort LenText { get { return _lenText; } }
            public byte[] Text { get { return _text; } }
            public VmConsole M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// VM_CONSOLE_OPEN, VM_CONSOLE_CLOSE and VM_CONSOLE_FLUSH.
        /// </summary>
        public partial class VmConsoleTarget : KaitaiStruct
        {
            public static VmConsoleTarget FromFile(string fileName)
            {
                return new VmConsoleTarget(new KaitaiStream(fileName));
            }

            public VmConsoleTarget(KaitaiStream p__io, KaitaiStruct p__parent = null, VmConsole p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _target = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
            }
            private ushort _target;
            private ushort _reserved;
            private VmConsole m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// The VM whose console it is, 0 for one's own.
            /// </summary>
            public ushort Target { get { return _target; } }
            public ushort Reserved { get { return _reserved; } }
            public VmConsole M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Text here has no padding.
        /// </summary>
        public partial class VmConsoleWrite : KaitaiStruct
        {
            public static VmConsoleWrite FromFile(string fileName)
            {
                return new VmConsoleWrite(new KaitaiStream(fileName));
            }

            public VmConsoleWrite(KaitaiStream p__io, KaitaiStruct p__parent = null, VmConsole p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _target = m_io.ReadU2le();
                _lenText = m_io.ReadU2le();
                _text = m_io.ReadBytes(LenText);
            }
            private ushort _target;
            private ushort _lenText;
            private byte[] _text;
            private VmConsole m_root;
            private KaitaiStruct m_parent;
            public ushort Target { get { return _target; } }
            public ushort LenText { get { return _lenText; } }
            public byte[] Text { get { return _text; } }
            public VmConsole M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        private VmConsole m_root;
        private KaitaiStruct m_parent;
        public VmConsole M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
