// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild

using System.Collections.Generic;
using Kaitai;

namespace RmStack.Spec
{

    /// <remarks>
    /// Reference: RM: vm_mgnt.c, vm_firmware.c, vm_ipa.c; RM (newer): vm_creation.c; Linux v15, v17: rsc_mgr_rpc.c
    /// </remarks>
    public partial class VmSettings : KaitaiStruct
    {
        public static VmSettings FromFile(string fileName)
        {
            return new VmSettings(new KaitaiStream(fileName));
        }

        public VmSettings(KaitaiStream p__io, KaitaiStruct p__parent = null, VmSettings p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
        }

        /// <summary>
        /// The 12/2023 Resource Manager takes exactly 24 bytes. The newer one takes up to 40 and reads what was not sent as zero, to the
        /// byte; that is what is accepted here. The second half word is reserved in one and flags in the other, where bit 1 says that a
        /// range of configuration follows.
        /// </summary>
        public partial class FwSetVmFirmware : KaitaiStruct
        {
            public static FwSetVmFirmware FromFile(string fileName)
            {
                return new FwSetVmFirmware(new KaitaiStream(fileName));
            }

            public FwSetVmFirmware(KaitaiStream p__io, KaitaiStruct p__parent = null, VmSettings p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                f_auth = false;
                f_configOffset = false;
                f_configSize = false;
                f_flags = false;
                f_offset = false;
                f_parcel = false;
                f_size = false;
                _read();
            }
            private void _read()
            {
                _reservedAuth = new CutNumber(2, m_io, this, m_root);
                {
                    CutNumber M_ = _reservedAuth;
                    if (!(M_Io.Size <= 40))
                    {
                        throw new ValidationExprError(_reservedAuth, m_io, "/types/fw_set_vm_firmware/seq/0");
                    }
                }
                _reservedFlags = new CutNumber(2, m_io, this, m_root);
                _reservedParcel = new CutNumber(4, m_io, this, m_root);
                _reservedOffset = new CutNumber(8, m_io, this, m_root);
                _reservedSize = new CutNumber(8, m_io, this, m_root);
                _reservedConfigOffset = new CutNumber(8, m_io, this, m_root);
                _reservedConfigSize = new CutNumber(8, m_io, this, m_root);
            }

            /// <summary>
            /// A number of `len_whole` bytes, less when the payload ends before; its missing high bytes are zero.
            /// </summary>
            public partial class CutNumber : KaitaiStruct
            {
                public CutNumber(byte p_lenWhole, KaitaiStream p__io, VmSettings.FwSetVmFirmware p__parent = null, VmSettings p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _lenWhole = p_lenWhole;
                    f_lenBytes = false;
                    f_value = false;
                    _read();
                }
                private void _read()
                {
                    _bytes = m_io.ReadBytes((M_Io.Size - M_Io.Pos < LenWhole ? M_Io.Size - M_Io.Pos : LenWhole));
                }
                private bool f_lenBytes;
                private int _lenBytes;
                public int LenBytes
                {
                    get
                    {
                        if (f_lenBytes)
                            return _lenBytes;
                        f_lenBytes = true;
                        _lenBytes = (int) (Bytes.Length);
                        return _lenBytes;
                    }
                }
                private bool f_value;
                private ulong _value;
                public ulong Value
                {
                    get
                    {
                        if (f_value)
                            return _value;
                        f_value = true;
                        _value = (ulong) (((ulong) (((((((((ulong) ((LenBytes > 0 ? Bytes[0] : 0))) + ((ulong) ((LenBytes > 1 ? Bytes[1] : 0))) * 256) + ((ulong) ((LenBytes > 2 ? Bytes[2] : 0))) * 65536) + ((ulong) ((LenBytes > 3 ? Bytes[3] : 0))) * 16777216) + ((ulong) ((LenBytes > 4 ? Bytes[4] : 0))) * 4294967296) + ((ulong) ((LenBytes > 5 ? Bytes[5] : 0))) * 1099511627776) + ((ulong) ((LenBytes > 6 ? Bytes[6] : 0))) * 281474976710656) + ((ulong) ((LenBytes > 7 ? Bytes[7] : 0))) * 72057594037927936)));
                        return _value;
                    }
                }
                private byte[] _bytes;
                private byte _lenWhole;
                private VmSettings m_root;
                private VmSettings.FwSetVmFirmware m_parent;
                public byte[] Bytes { get { return _bytes; } }
                public byte LenWhole { get { return _lenWhole; } }
                public VmSettings M_Root { get { return m_root; } }
                public VmSettings.FwSetVmFirmware M_Parent { get { return m_parent; } }
            }
            private bool f_auth;
            private ulong _auth;
            public ulong Auth
            {
                get
                {
                    if (f_auth)
                        return _auth;
                    f_auth = true;
                    _auth = (ulong) (ReservedAuth.Value);
                    return _auth;
                }
            }
            private bool f_configOffset;
            private ulong _configOffset;
            public ulong ConfigOffset
            {
                get
                {
                    if (f_configOffset)
                        return _configOffset;
                    f_configOffset = true;
                    _configOffset = (ulong) (ReservedConfigOffset.Value);
                    return _configOffset;
                }
            }
            private bool f_configSize;
            private ulong _configSize;
            public ulong ConfigSize
            {
                get
                {
                    if (f_configSize)
                        return _configSize;
                    f_configSize = true;
                    _configSize = (ulong) (ReservedConfigSize.Value);
                    return _configSize;
                }
            }
            private bool f_flags;
            private ulong _flags;
            public ulong Flags
            {
                get
                {
                    if (f_flags)
                        return _flags;
                    f_flags = true;
                    _flags = (ulong) (ReservedFlags.Value);
                    return _flags;
                }
            }
            private bool f_offset;
            private ulong _offset;
            public ulong Offset
            {
                get
                {
                    if (f_offset)
                        return _offset;
                    f_offset = true;
                    _offset = (ulong) (ReservedOffset.Value);
                    return _offset;
                }
            }
            private bool f_parcel;
            private ulong _parcel;
            public ulong Parcel
            {
                get
                {
                    if (f_parcel)
                        return _parcel;
                    f_parcel = true;
                    _parcel = (ulong) (ReservedParcel.Value);
                    return _parcel;
                }
            }
            private bool f_size;
            private ulong _size;
            public ulong Size
            {
                get
                {
                    if (f_size)
                        return _size;
                    f_size = true;
                    _size = (ulong) (ReservedSize.Value);
                    return _size;
                }
            }
            private CutNumber _reservedAuth;
            private CutNumber _reservedFlags;
            private CutNumber _reservedParcel;
            private CutNumber _reservedOffset;
            private CutNumber _reservedSize;
            private CutNumber _reservedConfigOffset;
            private CutNumber _reservedConfigSize;
            private VmSettings m_root;
            private KaitaiStruct m_parent;
            public CutNumber ReservedAuth { get { return _reservedAuth; } }
            public CutNumber ReservedFlags { get { return _reservedFlags; } }
            public CutNumber ReservedParcel { get { return _reservedParcel; } }
            public CutNumber ReservedOffset { get { return _reservedOffset; } }
            public CutNumber ReservedSize { get { return _reservedSize; } }
            public CutNumber ReservedConfigOffset { get { return _reservedConfigOffset; } }
            public CutNumber ReservedConfigSize { get { return _reservedConfigSize; } }
            public VmSettings M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// About the caller's own address space. The kind decides how large an entry is, so an unknown kind has no layout.
        /// Its list has a limit of its own, 30 entries.
        /// </summary>
        public partial class IpaReserve : KaitaiStruct
        {
            public static IpaReserve FromFile(string fileName)
            {
                return new IpaReserve(new KaitaiStream(fileName));
            }

            public IpaReserve(KaitaiStream p__io, KaitaiStruct p__parent = null, VmSettings p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _kind = m_io.ReadU1();
                if (!(_kind <= 1))
                {
                    throw new ValidationGreaterThanError(1, _kind, m_io, "/types/ipa_reserve/seq/0");
                }
                _reserved0 = m_io.ReadBytes(3);
                _constraints = m_io.ReadU4le();
                _platformConstraints = m_io.ReadU4le();
                _numEntries = m_io.ReadU2le();
                {
                    ushort M_ = _numEntries;
                    if (!( ((M_ <= 30) && (M_ * (Kind == 0 ? 16 : 32) + 2 <= M_Io.Size - M_Io.Pos)) ))
                    {
                        throw new ValidationExprError(_numEntries, m_io, "/types/ipa_reserve/seq/4");
                    }
                }
                _reserved1 = m_io.ReadU2le();
                if (Kind == 0) {
                    _ranges = new List<Common.SglEntry>();
                    for (var i = 0; i < NumEntries; i++)
                    {
                        _ranges.Add(new Common.SglEntry(m_io));
                    }
                }
                if (Kind == 1) {
                    _allocations = new List<Allocation>();
                    for (var i = 0; i < NumEntries; i++)
                    {
                        _allocations.Add(new Allocation(m_io, this, m_root));
                    }
                }
            }
            public partial class Allocation : KaitaiStruct
            {
                public static Allocation FromFile(string fileName)
                {
                    return new Allocation(new KaitaiStream(fileName));
                }

                public Allocation(KaitaiStream p__io, VmSettings.IpaReserve p__parent = null, VmSettings p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _read();
                }
                private void _read()
                {
                    _base = m_io.ReadU8le();
                    _limit = m_io.ReadU8le();
                    _size = m_io.ReadU8le();
                    _alignment = m_io.ReadU8le();
                }
                private ulong _base;
                private ulong _limit;
                private ulong _size;
                private ulong _alignment;
                private VmSettings m_root;
                private VmSettings.IpaReserve m_parent;
                public ulong Base { get { return _base; } }

                /// <summary>
                /// Size of the region to search.
                /// </summary>
                public ulong Limit { get { return _limit; } }
                public ulong Size { get { return _size; } }
                public ulong Alignment { get { return _alignment; } }
                public VmSettings M_Root { get { return m_root; } }
                public VmSettings.IpaReserve M_Parent { get { return m_parent; } }
            }
            private byte _kind;
            private byte[] _reserved0;
            private uint _constraints;
            private uint _platformConstraints;
            private ushort _numEntries;
            private ushort _reserved1;
            private List<Common.SglEntry> _ranges;
            private List<Allocation> _allocations;
            private VmSettings m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// 0 these ranges, 1 anywhere within these regions.
            /// </summary>
            public byte Kind { get { return _kind; } }
            public byte[] Reserved0 { get { return _reserved0; } }

            /// <summary>
            /// 1 ECC, 2 tagged, 4 normal, 8 IO, 0x10 owner sees it, 0x20 external bus sees it, 0x40 fits base memory.
            /// </summary>
            public uint Constraints { get { return _constraints; } }
            public uint PlatformConstraints { get { return _platformConstraints; } }
            public ushort NumEntries { get { return _numEntries; } }
            public ushort Reserved1 { get { return _reserved1; } }
            public List<Common.SglEntry> Ranges { get { return _ranges; } }
            public List<Allocation> Allocations { get { return _allocations; } }
            public VmSettings M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Absent when the ranges were fixed by the request.
        /// </summary>
        public partial class IpaReserveReply : KaitaiStruct
        {
            public static IpaReserveReply FromFile(string fileName)
            {
                return new IpaReserveReply(new KaitaiStream(fileName));
            }

            public IpaReserveReply(KaitaiStream p__io, KaitaiStruct p__parent = null, VmSettings p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                if (M_Io.Size > 0) {
                    _list = new ChosenAddresses(m_io, this, m_root);
                }
            }
            public partial class AddressEntry : KaitaiStruct
            {
                public static AddressEntry FromFile(string fileName)
                {
                    return new AddressEntry(new KaitaiStream(fileName));
                }

                public AddressEntry(KaitaiStream p__io, VmSettings.IpaReserveReply.ChosenAddresses p__parent = null, VmSettings p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _read();
                }
                private void _read()
                {
                    _address = m_io.ReadU8le();
                }
                private ulong _address;
                private VmSettings m_root;
                private VmSettings.IpaReserveReply.ChosenAddresses m_parent;
                public ulong Address { get { return _address; } }
                public VmSettings M_Root { get { return m_root; } }
                public VmSettings.IpaReserveReply.ChosenAddresses M_Parent { get { return m_parent; } }
            }
            public partial class ChosenAddresses : KaitaiStruct
            {
                public static ChosenAddresses FromFile(string fileName)
                {
                    return new ChosenAddresses(new KaitaiStream(fileName));
                }

                public ChosenAddresses(KaitaiStream p__io, VmSettings.IpaReserveReply p__parent = null, VmSettings p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _read();
                }
                private void _read()
                {
                    _numAddresses = m_io.ReadU4le();
                    {
                        uint M_ = _numAddresses;
                        if (!(M_ <= (M_Io.Size - M_Io.Pos) / 8))
                        {
                            throw new ValidationExprError(_numAddresses, m_io, "/types/ipa_reserve_reply/types/chosen_addresses/seq/0");
                        }
                    }
                    _addresses = new List<AddressEntry>();
                    for (var i = 0; i < NumAddresses; i++)
                    {
                        _addresses.Add(new AddressEntry(m_io, this, m_root));
                    }
                }
                private uint _numAddresses;
                private List<AddressEntry> _addresses;
                private VmSettings m_root;
                private VmSettings.IpaReserveReply m_parent;
                public uint NumAddresses { get { return _numAddresses; } }
                public List<AddressEntry> Addresses { get { return _addresses; } }
                public VmSettings M_Root { get { return m_root; } }
                public VmSettings.IpaReserveReply M_Parent { get { return m_parent; } }
            }
            private ChosenAddresses _list;
            private VmSettings m_root;
            private KaitaiStruct m_parent;
            public ChosenAddresses List { get { return _list; } }
            public VmSettings M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmSetAddressLayout : KaitaiStruct
        {
            public static VmSetAddressLayout FromFile(string fileName)
            {
                return new VmSetAddressLayout(new KaitaiStream(fileName));
            }

            public VmSetAddressLayout(KaitaiStream p__io, KaitaiStruct p__parent = null, VmSettings p__root = null) : base(p__io)
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
                    throw new ValidationNotEqualError(0, _reserved, m_io, "/types/vm_set_address_layout/seq/1");
                }
                _range = m_io.ReadU4le();
                _base = m_io.ReadU8le();
                _size = m_io.ReadU8le();
            }
            private ushort _vmid;
            private ushort _reserved;
            private uint _range;
            private ulong _base;
            private ulong _size;
            private VmSettings m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }
            public ushort Reserved { get { return _reserved; } }

            /// <summary>
            /// 0 image, 1 firmware.
            /// </summary>
            public uint Range { get { return _range; } }
            public ulong Base { get { return _base; } }
            public ulong Size { get { return _size; } }
            public VmSettings M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// One request for each register. Linux v15 used another id for it.
        /// </summary>
        public partial class VmSetBootContext : KaitaiStruct
        {
            public static VmSetBootContext FromFile(string fileName)
            {
                return new VmSetBootContext(new KaitaiStream(fileName));
            }

            public VmSetBootContext(KaitaiStream p__io, KaitaiStruct p__parent = null, VmSettings p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _registerSet = m_io.ReadU1();
                _index = m_io.ReadU1();
                _reserved = m_io.ReadU4le();
                if (!(_reserved == 0))
                {
                    throw new ValidationNotEqualError(0, _reserved, m_io, "/types/vm_set_boot_context/seq/3");
                }
                _value = m_io.ReadU8le();
            }
            private ushort _vmid;
            private byte _registerSet;
            private byte _index;
            private uint _reserved;
            private ulong _value;
            private VmSettings m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }

            /// <summary>
            /// 0 X registers, 1 PC, 2 SP.
            /// </summary>
            public byte RegisterSet { get { return _registerSet; } }
            public byte Index { get { return _index; } }
            public uint Reserved { get { return _reserved; } }
            public ulong Value { get { return _value; } }
            public VmSettings M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// Values above 1 are answered with &quot;message invalid&quot; too, but are no matter of layout.
        /// </summary>
        public partial class VmSetDebug : KaitaiStruct
        {
            public static VmSetDebug FromFile(string fileName)
            {
                return new VmSetDebug(new KaitaiStream(fileName));
            }

            public VmSetDebug(KaitaiStream p__io, KaitaiStruct p__parent = null, VmSettings p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _reserved = m_io.ReadU1();
                if (!(_reserved == 0))
                {
                    throw new ValidationNotEqualError(0, _reserved, m_io, "/types/vm_set_debug/seq/1");
                }
                _enabled = m_io.ReadU1();
            }
            private ushort _vmid;
            private byte _reserved;
            private byte _enabled;
            private VmSettings m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }
            public byte Reserved { get { return _reserved; } }
            public byte Enabled { get { return _enabled; } }
            public VmSettings M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// What follows the announced ranges is not looked at.
        /// </summary>
        public partial class VmSetDemandPaging : KaitaiStruct
        {
            public static VmSetDemandPaging FromFile(string fileName)
            {
                return new VmSetDemandPaging(new KaitaiStream(fileName));
            }

            public VmSetDemandPaging(KaitaiStream p__io, KaitaiStruct p__parent = null, VmSettings p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _reserved0 = m_io.ReadU2le();
                if (!(_reserved0 == 0))
                {
                    throw new ValidationNotEqualError(0, _reserved0, m_io, "/types/vm_set_demand_paging/seq/1");
                }
                _numRanges = m_io.ReadU4le();
                {
                    uint M_ = _numRanges;
                    if (!(M_ <= (M_Io.Size - M_Io.Pos) / 16))
                    {
                        throw new ValidationExprError(_numRanges, m_io, "/types/vm_set_demand_paging/seq/2");
                    }
                }
                _ranges = new List<Common.SglEntry>();
                for (var i = 0; i < NumRanges; i++)
                {
                    _ranges.Add(new Common.SglEntry(m_io));
                }
                _reservedRest = m_io.ReadBytesFull();
            }
            private ushort _vmid;
            private ushort _reserved0;
            private uint _numRanges;
            private List<Common.SglEntry> _ranges;
            private byte[] _reservedRest;
            private VmSettings m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }
            public ushort Reserved0 { get { return _reserved0; } }
            public uint NumRanges { get { return _numRanges; } }
            public List<Common.SglEntry> Ranges { get { return _ranges; } }
            public byte[] ReservedRest { get { return _reservedRest; } }
            public VmSettings M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmSetFirmwareMem : KaitaiStruct
        {
            public static VmSetFirmwareMem FromFile(string fileName)
            {
                return new VmSetFirmwareMem(new KaitaiStream(fileName));
            }

            public VmSetFirmwareMem(KaitaiStream p__io, KaitaiStruct p__parent = null, VmSettings p__root = null) : base(p__io)
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
                    throw new ValidationNotEqualError(0, _reserved, m_io, "/types/vm_set_firmware_mem/seq/1");
                }
                _parcel = m_io.ReadU4le();
                _offset = m_io.ReadU8le();
                _size = m_io.ReadU8le();
            }
            private ushort _vmid;
            private ushort _reserved;
            private uint _parcel;
            private ulong _offset;
            private ulong _size;
            private VmSettings m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }
            public ushort Reserved { get { return _reserved; } }
            public uint Parcel { get { return _parcel; } }
            public ulong Offset { get { return _offset; } }
            public ulong Size { get { return _size; } }
            public VmSettings M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class VmSetTimeBase : KaitaiStruct
        {
            public static VmSetTimeBase FromFile(string fileName)
            {
                return new VmSetTimeBase(new KaitaiStream(fileName));
            }

            public VmSetTimeBase(KaitaiStream p__io, KaitaiStruct p__parent = null, VmSettings p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _vmid = m_io.ReadU2le();
                _reserved = m_io.ReadU2le();
                _time = m_io.ReadU8le();
                _counter = m_io.ReadU8le();
            }
            private ushort _vmid;
            private ushort _reserved;
            private ulong _time;
            private ulong _counter;
            private VmSettings m_root;
            private KaitaiStruct m_parent;
            public ushort Vmid { get { return _vmid; } }
            public ushort Reserved { get { return _reserved; } }

            /// <summary>
            /// Nanoseconds since the epoch.
            /// </summary>
            public ulong Time { get { return _time; } }

            /// <summary>
            /// The architectural counter at that moment.
            /// </summary>
            public ulong Counter { get { return _counter; } }
            public VmSettings M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        private VmSettings m_root;
        private KaitaiStruct m_parent;
        public VmSettings M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
