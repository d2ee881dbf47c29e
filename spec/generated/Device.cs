// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild

using System.Collections.Generic;
using Kaitai;

namespace RmStack.Spec
{

    /// <summary>
    /// A build option of the newer Resource Manager. It checks the reserved bytes of these requests, except those inside a resource
    /// descriptor.
    /// </summary>
    /// <remarks>
    /// Reference: RM (newer): device_manager.c
    /// </remarks>
    public partial class Device : KaitaiStruct
    {
        public static Device FromFile(string fileName)
        {
            return new Device(new KaitaiStream(fileName));
        }

        public Device(KaitaiStream p__io, KaitaiStruct p__parent = null, Device p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
        }
        public partial class DeviceAccept : KaitaiStruct
        {
            public static DeviceAccept FromFile(string fileName)
            {
                return new DeviceAccept(new KaitaiStream(fileName));
            }

            public DeviceAccept(KaitaiStream p__io, KaitaiStruct p__parent = null, Device p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _device = m_io.ReadU4le();
                _flags = m_io.ReadU1();
                _reserved = m_io.ReadBytes(3);
                if (!((KaitaiStream.ByteArrayCompare(_reserved, new byte[] { 0, 0, 0 }) == 0)))
                {
                    throw new ValidationNotEqualError(new byte[] { 0, 0, 0 }, _reserved, m_io, "/types/device_accept/seq/2");
                }
                _bus = m_io.ReadU4le();
            }
            private uint _device;
            private byte _flags;
            private byte[] _reserved;
            private uint _bus;
            private Device m_root;
            private KaitaiStruct m_parent;
            public uint Device { get { return _device; } }

            /// <summary>
            /// Bit 0 reset, bit 1 bind to the bus named here.
            /// </summary>
            public byte Flags { get { return _flags; } }
            public byte[] Reserved { get { return _reserved; } }
            public uint Bus { get { return _bus; } }
            public Device M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// DEVICE_BUS_LOCKDOWN and DEVICE_BUS_UNLOCK.
        /// </summary>
        public partial class DeviceBus : KaitaiStruct
        {
            public static DeviceBus FromFile(string fileName)
            {
                return new DeviceBus(new KaitaiStream(fileName));
            }

            public DeviceBus(KaitaiStream p__io, KaitaiStruct p__parent = null, Device p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _bus = m_io.ReadU4le();
            }
            private uint _bus;
            private Device m_root;
            private KaitaiStruct m_parent;
            public uint Bus { get { return _bus; } }
            public Device M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// DEVICE_DONATED, DEVICE_LENT and DEVICE_RECALL name the owner, DEVICE_ACCEPTED who accepted.
        /// </summary>
        public partial class DeviceEvent : KaitaiStruct
        {
            public static DeviceEvent FromFile(string fileName)
            {
                return new DeviceEvent(new KaitaiStream(fileName));
            }

            public DeviceEvent(KaitaiStream p__io, KaitaiStruct p__parent = null, Device p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
                _device = m_io.ReadU4le();
            }
            private ushort _vmid;
            private ushort _reserved;
            private uint _device;
            private Device m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }
            public ushort Reserved { get { return _reserved; } }
            public uint Device { get { return _device; } }
            public Device M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class DeviceGetResourcesReply : KaitaiStruct
        {
            public static DeviceGetResourcesReply FromFile(string fileName)
            {
                return new DeviceGetResourcesReply(new KaitaiStream(fileName));
            }

            public DeviceGetResourcesReply(KaitaiStream p__io, KaitaiStruct p__parent = null, Device p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _numResources = m_io.ReadU2le();
                {
                    ushort M_ = _numResources;
                    if (!(M_ * 16 + 2 <= M_Io.Size - M_Io.Pos))
                    {
                        throw new ValidationExprError(_numResources, m_io, "/types/device_get_resources_reply/seq/0");
                    }
                }
                _reserved = m_io.ReadU2le();
                _resources = new List<ResourceDescriptor>();
                for (var i = 0; i < NumResources; i++)
                {
                    _resources.Add(new ResourceDescriptor(m_io, this, m_root));
                }
            }
            private ushort _numResources;
            private ushort _reserved;
            private List<ResourceDescriptor> _resources;
            private Device m_root;
            private KaitaiStruct m_parent;
            public ushort NumResources { get { return _numResources; } }
            public ushort Reserved { get { return _reserved; } }
            public List<ResourceDescriptor> Resources { get { return _resources; } }
            public Device M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Reply of DEVICE_FIND_HANDLE, and DEVICE_RELEASED.
        /// </summary>
        public partial class DeviceHandle : KaitaiStruct
        {
            public static DeviceHandle FromFile(string fileName)
            {
                return new DeviceHandle(new KaitaiStream(fileName));
            }

            public DeviceHandle(KaitaiStream p__io, KaitaiStruct p__parent = null, Device p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _device = m_io.ReadU4le();
            }
            private uint _device;
            private Device m_root;
            private KaitaiStruct m_parent;
            public uint Device { get { return _device; } }
            public Device M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Bytes after the VMID are not looked at.
        /// </summary>
        public partial class DeviceNotify : KaitaiStruct
        {
            public static DeviceNotify FromFile(string fileName)
            {
                return new DeviceNotify(new KaitaiStream(fileName));
            }

            public DeviceNotify(KaitaiStream p__io, KaitaiStruct p__parent = null, Device p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _device = m_io.ReadU4le();
                _flags = m_io.ReadU1();
                _reserved = m_io.ReadU1();
                if (!(_reserved == 0))
                {
                    throw new ValidationNotEqualError(0, _reserved, m_io, "/types/device_notify/seq/2");
                }
                _vmid = m_io.ReadU2le();
                _reservedRest = m_io.ReadBytesFull();
            }
            private uint _device;
            private byte _flags;
            private byte _reserved;
            private ushort _vmid;
            private byte[] _reservedRest;
            private Device m_root;
            private KaitaiStruct m_parent;
            public uint Device { get { return _device; } }

            /// <summary>
            /// 1 donated, 2 lent, 4 released, 8 accepted, 16 recall.
            /// </summary>
            public byte Flags { get { return _flags; } }
            public byte Reserved { get { return _reserved; } }
            public ushort Vmid { get { return _vmid; } }
            public byte[] ReservedRest { get { return _reservedRest; } }
            public Device M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// DEVICE_LEND and DEVICE_DONATE.
        /// </summary>
        public partial class DeviceOffer : KaitaiStruct
        {
            public static DeviceOffer FromFile(string fileName)
            {
                return new DeviceOffer(new KaitaiStream(fileName));
            }

            public DeviceOffer(KaitaiStream p__io, KaitaiStruct p__parent = null, Device p__root = null) : base(p__io)
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
                if (!(_reserved == 0))
                {
                    throw new ValidationNotEqualError(0, _reserved, m_io, "/types/device_offer/seq/2");
                }
                _device = m_io.ReadU4le();
            }
            private ushort _vmid;
            private byte _flags;
            private byte _reserved;
            private uint _device;
            private Device m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }

            /// <summary>
            /// Bit 0 reset.
            /// </summary>
            public byte Flags { get { return _flags; } }
            public byte Reserved { get { return _reserved; } }
            public uint Device { get { return _device; } }
            public Device M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// DEVICE_RELEASE, DEVICE_RECLAIM and DEVICE_GET_RESOURCES.
        /// </summary>
        public partial class DeviceWithFlags : KaitaiStruct
        {
            public static DeviceWithFlags FromFile(string fileName)
            {
                return new DeviceWithFlags(new KaitaiStream(fileName));
            }

            public DeviceWithFlags(KaitaiStream p__io, KaitaiStruct p__parent = null, Device p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _device = m_io.ReadU4le();
                _flags = m_io.ReadU1();
                _reserved = m_io.ReadBytes(3);
                if (!((KaitaiStream.ByteArrayCompare(_reserved, new byte[] { 0, 0, 0 }) == 0)))
                {
                    throw new ValidationNotEqualError(new byte[] { 0, 0, 0 }, _reserved, m_io, "/types/device_with_flags/seq/2");
                }
            }
            private uint _device;
            private byte _flags;
            private byte[] _reserved;
            private Device m_root;
            private KaitaiStruct m_parent;
            public uint Device { get { return _device; } }
            public byte Flags { get { return _flags; } }
            public byte[] Reserved { get { return _reserved; } }
            public Device M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Also the request of DEVICE_FIND_HANDLE.
        /// </summary>
        public partial class ResourceDescriptor : KaitaiStruct
        {
            public static ResourceDescriptor FromFile(string fileName)
            {
                return new ResourceDescriptor(new KaitaiStream(fileName));
            }

            public ResourceDescriptor(KaitaiStream p__io, Device.DeviceGetResourcesReply p__parent = null, Device p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _type = m_io.ReadU1();
                _reserved = m_io.ReadBytes(3);
                _data0 = m_io.ReadU4le();
                _data1 = m_io.ReadU4le();
                _data2 = m_io.ReadU4le();
            }
            private byte _type;
            private byte[] _reserved;
            private uint _data0;
            private uint _data1;
            private uint _data2;
            private Device m_root;
            private Device.DeviceGetResourcesReply m_parent;

            /// <summary>
            /// 1 MMIO, 2 interrupt, 3 IOMMU, 4 MSI; another number for a PCIe function.
            /// </summary>
            public byte Type { get { return _type; } }
            public byte[] Reserved { get { return _reserved; } }
            public uint Data0 { get { return _data0; } }
            public uint Data1 { get { return _data1; } }
            public uint Data2 { get { return _data2; } }
            public Device M_Root { get { return m_root; } }
            public Device.DeviceGetResourcesReply M_Parent { get { return m_parent; } }
        }
        private Device m_root;
        private KaitaiStruct m_parent;
        public Device M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
