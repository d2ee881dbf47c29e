// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild

using System.Collections.Generic;
using Kaitai;

namespace RmStack.Spec
{

    /// <remarks>
    /// Reference: RM: vm_mgnt.c, vm_creation.c and their message headers; Linux v17: rsc_mgr_rpc.c
    /// </remarks>
    public partial class VmLifecycle : KaitaiStruct
    {
        public static VmLifecycle FromFile(string fileName)
        {
            return new VmLifecycle(new KaitaiStream(fileName));
        }

        public VmLifecycle(KaitaiStream p__io, KaitaiStruct p__parent = null, VmLifecycle p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
        }

        /// <summary>
        /// A VMID only when the request left the choice to the Resource Manager.
        /// </summary>
        public partial class VmAllocateReply : KaitaiStruct
        {
            public static VmAllocateReply FromFile(string fileName)
            {
                return new VmAllocateReply(new KaitaiStream(fileName));
            }

            public VmAllocateReply(KaitaiStream p__io, KaitaiStruct p__parent = null, VmLifecycle p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                if (M_Io.Size > 0) {
                    _chosen = new Common.VmidHalf(m_io);
                }
            }
            private Common.VmidHalf _chosen;
            private VmLifecycle m_root;
            private KaitaiStruct m_parent;
            public Common.VmidHalf Chosen { get { return _chosen; } }
            public VmLifecycle M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmAuthImage : KaitaiStruct
        {
            public static VmAuthImage FromFile(string fileName)
            {
                return new VmAuthImage(new KaitaiStream(fileName));
            }

            public VmAuthImage(KaitaiStream p__io, KaitaiStruct p__parent = null, VmLifecycle p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _numParameters = m_io.ReadU2le();
                {
                    ushort M_ = _numParameters;
                    if (!(M_ * 8 <= M_Io.Size - M_Io.Pos))
                    {
                        throw new ValidationExprError(_numParameters, m_io, "/types/vm_auth_image/seq/1");
                    }
                }
                _parameters = new List<Parameter>();
                for (var i = 0; i < NumParameters; i++)
                {
                    _parameters.Add(new Parameter(m_io, this, m_root));
                }
            }
            public partial class Parameter : KaitaiStruct
            {
                public static Parameter FromFile(string fileName)
                {
                    return new Parameter(new KaitaiStream(fileName));
                }

                public Parameter(KaitaiStream p__io, VmLifecycle.VmAuthImage p__parent = null, VmLifecycle p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _read();
                }
                private void _read()
                {
                    _type = m_io.ReadU4le();
                    _value = m_io.ReadU4le();
                }
                private uint _type;
                private uint _value;
                private VmLifecycle m_root;
                private VmLifecycle.VmAuthImage m_parent;

                /// <summary>
                /// 0 peripheral authentication id.
                /// </summary>
                public uint Type { get { return _type; } }
                public uint Value { get { return _value; } }
                public VmLifecycle M_Root { get { return m_root; } }
                public VmLifecycle.VmAuthImage M_Parent { get { return m_parent; } }
            }
            private ushort _vmid;
            private ushort _numParameters;
            private List<Parameter> _parameters;
            private VmLifecycle m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }
            public ushort NumParameters { get { return _numParameters; } }
            public List<Parameter> Parameters { get { return _parameters; } }
            public VmLifecycle M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmConfigImage : KaitaiStruct
        {
            public static VmConfigImage FromFile(string fileName)
            {
                return new VmConfigImage(new KaitaiStream(fileName));
            }

            public VmConfigImage(KaitaiStream p__io, KaitaiStruct p__parent = null, VmLifecycle p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _auth = m_io.ReadU2le();
                _parcel = m_io.ReadU4le();
                _imageOffset = m_io.ReadU8le();
                _imageSize = m_io.ReadU8le();
                _dtbOffset = m_io.ReadU8le();
                _dtbSize = m_io.ReadU8le();
            }
            private ushort _vmid;
            private ushort _auth;
            private uint _parcel;
            private ulong _imageOffset;
            private ulong _imageSize;
            private ulong _dtbOffset;
            private ulong _dtbSize;
            private VmLifecycle m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }

            /// <summary>
            /// 0 none, 1 platform, 2 Android.
            /// </summary>
            public ushort Auth { get { return _auth; } }
            public uint Parcel { get { return _parcel; } }
            public ulong ImageOffset { get { return _imageOffset; } }
            public ulong ImageSize { get { return _imageSize; } }
            public ulong DtbOffset { get { return _dtbOffset; } }

            /// <summary>
            /// With the room the Resource Manager may use for its overlay.
            /// </summary>
            public ulong DtbSize { get { return _dtbSize; } }
            public VmLifecycle M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Sent by a VM about itself. The Resource Manager knows codes 0, 1, 3 and 4; another value is no matter of layout.
        /// </summary>
        public partial class VmExit : KaitaiStruct
        {
            public static VmExit FromFile(string fileName)
            {
                return new VmExit(new KaitaiStream(fileName));
            }

            public VmExit(KaitaiStream p__io, KaitaiStruct p__parent = null, VmLifecycle p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _flags = m_io.ReadU2le();
                _code = m_io.ReadU1();
                _reserved = m_io.ReadU1();
                if (!(_reserved == 0))
                {
                    throw new ValidationNotEqualError(0, _reserved, m_io, "/types/vm_exit/seq/2");
                }
            }
            private ushort _flags;
            private byte _code;
            private byte _reserved;
            private VmLifecycle m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// Bit 0 asks for a restart.
            /// </summary>
            public ushort Flags { get { return _flags; } }
            public byte Code { get { return _code; } }
            public byte Reserved { get { return _reserved; } }
            public VmLifecycle M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmExited : KaitaiStruct
        {
            public static VmExited FromFile(string fileName)
            {
                return new VmExited(new KaitaiStream(fileName));
            }

            public VmExited(KaitaiStream p__io, KaitaiStruct p__parent = null, VmLifecycle p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _type = m_io.ReadU2le();
                _lenReason = m_io.ReadU4le();
                {
                    uint M_ = _lenReason;
                    if (!(M_ <= M_Io.Size - M_Io.Pos))
                    {
                        throw new ValidationExprError(_lenReason, m_io, "/types/vm_exited/seq/2");
                    }
                }
                _reason = m_io.ReadBytes(LenReason);
            }
            private ushort _vmid;
            private ushort _type;
            private uint _lenReason;
            private byte[] _reason;
            private VmLifecycle m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }

            /// <summary>
            /// 0 VM_EXIT, 1 power off, 2 reset, 3 PSCI SYSTEM_RESET2, 4 watchdog, 5 software error, 6 asynchronous hardware error,
            /// 7 forced stop.
            /// </summary>
            public ushort Type { get { return _type; } }
            public uint LenReason { get { return _lenReason; } }

            /// <summary>
            /// Words; the first one is exit flags in its low and exit code in its high half.
            /// </summary>
            public byte[] Reason { get { return _reason; } }
            public VmLifecycle M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// The only request of a VMID alone whose other half has to be zero.
        /// </summary>
        public partial class VmInit : KaitaiStruct
        {
            public static VmInit FromFile(string fileName)
            {
                return new VmInit(new KaitaiStream(fileName));
            }

            public VmInit(KaitaiStream p__io, KaitaiStruct p__parent = null, VmLifecycle p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
                if (!(_reserved == 0))
                {
                    throw new ValidationNotEqualError(0, _reserved, m_io, "/types/vm_init/seq/1");
                }
            }
            private ushort _vmid;
            private ushort _reserved;
            private VmLifecycle m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }
            public ushort Reserved { get { return _reserved; } }
            public VmLifecycle M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmShutdown : KaitaiStruct
        {
            public static VmShutdown FromFile(string fileName)
            {
                return new VmShutdown(new KaitaiStream(fileName));
            }

            public VmShutdown(KaitaiStream p__io, KaitaiStruct p__parent = null, VmLifecycle p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _reason = m_io.ReadU4le();
            }
            private uint _reason;
            private VmLifecycle m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// As in VM_STOP.
            /// </summary>
            public uint Reason { get { return _reason; } }
            public VmLifecycle M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmStatus : KaitaiStruct
        {
            public static VmStatus FromFile(string fileName)
            {
                return new VmStatus(new KaitaiStream(fileName));
            }

            public VmStatus(KaitaiStream p__io, KaitaiStruct p__parent = null, VmLifecycle p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
                _vmState = m_io.ReadU1();
                _osState = m_io.ReadU1();
                _appStatus = m_io.ReadU2le();
            }
            private ushort _vmid;
            private ushort _reserved;
            private byte _vmState;
            private byte _osState;
            private ushort _appStatus;
            private VmLifecycle m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }
            public ushort Reserved { get { return _reserved; } }

            /// <summary>
            /// 0 none, 1 INIT, 2 READY, 3 RUNNING, 4 PAUSED, 5 LOAD, 6 AUTH, 8 INIT_FAILED, 9 EXITED, 10 RESETTING, 11 RESET,
            /// 12 DEFUNCT (newer drop).
            /// </summary>
            public byte VmState { get { return _vmState; } }
            public byte OsState { get { return _osState; } }
            public ushort AppStatus { get { return _appStatus; } }
            public VmLifecycle M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmStop : KaitaiStruct
        {
            public static VmStop FromFile(string fileName)
            {
                return new VmStop(new KaitaiStream(fileName));
            }

            public VmStop(KaitaiStream p__io, KaitaiStruct p__parent = null, VmLifecycle p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _flags = m_io.ReadU1();
                _reserved = m_io.ReadU1();
                _reason = m_io.ReadU4le();
            }
            private ushort _vmid;
            private byte _flags;
            private byte _reserved;
            private uint _reason;
            private VmLifecycle m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }

            /// <summary>
            /// Bit 0 at once, without asking the VM.
            /// </summary>
            public byte Flags { get { return _flags; } }
            public byte Reserved { get { return _reserved; } }

            /// <summary>
            /// 0 shutdown, 1 restart, 2 crash, 3 forced stop.
            /// </summary>
            public uint Reason { get { return _reason; } }
            public VmLifecycle M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        private VmLifecycle m_root;
        private KaitaiStruct m_parent;
        public VmLifecycle M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
