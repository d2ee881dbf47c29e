// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild

using System.Collections.Generic;
using Kaitai;

namespace RmStack.Spec
{

    /// <remarks>
    /// Reference: RM (newer): heap_mgnt.c
    /// </remarks>
    public partial class Heap : KaitaiStruct
    {
        public static Heap FromFile(string fileName)
        {
            return new Heap(new KaitaiStream(fileName));
        }

        public Heap(KaitaiStream p__io, KaitaiStruct p__parent = null, Heap p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
        }

        /// <summary>
        /// HEAP_ADD_MEMORY and HEAP_REMOVE_MEMORY.
        /// </summary>
        public partial class HeapMemory : KaitaiStruct
        {
            public static HeapMemory FromFile(string fileName)
            {
                return new HeapMemory(new KaitaiStream(fileName));
            }

            public HeapMemory(KaitaiStream p__io, KaitaiStruct p__parent = null, Heap p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _heap = m_io.ReadU4le();
                _reserved = m_io.ReadU4le();
                _parcel = m_io.ReadU4le();
            }
            private uint _heap;
            private uint _reserved;
            private uint _parcel;
            private Heap m_root;
            private KaitaiStruct m_parent;

            /// <summary>
            /// 0 the hypervisor's, 1 the Resource Manager's.
            /// </summary>
            public uint Heap { get { return _heap; } }
            public uint Reserved { get { return _reserved; } }
            public uint Parcel { get { return _parcel; } }
            public Heap M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        public partial class HeapQuery : KaitaiStruct
        {
            public static HeapQuery FromFile(string fileName)
            {
                return new HeapQuery(new KaitaiStream(fileName));
            }

            public HeapQuery(KaitaiStream p__io, KaitaiStruct p__parent = null, Heap p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                _read();
            }
            private void _read()
            {
                _heap = m_io.ReadU4le();
                _query = m_io.ReadU1();
                _reserved = m_io.ReadBytes(3);
            }
            private uint _heap;
            private byte _query;
            private byte[] _reserved;
            private Heap m_root;
            private KaitaiStruct m_parent;
            public uint Heap { get { return _heap; } }

            /// <summary>
            /// 1 which parcels are free, 2 statistics.
            /// </summary>
            public byte Query { get { return _query; } }
            public byte[] Reserved { get { return _reserved; } }
            public Heap M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }

        /// <summary>
        /// The request says which of two layouts the reply has, the reply itself does not. A list is taken for one when its count word
        /// fits its size exactly; anything else has to be statistics. Statistics that read as a list would need a total of 7 modulo 2^32.
        /// </summary>
        public partial class HeapQueryReply : KaitaiStruct
        {
            public static HeapQueryReply FromFile(string fileName)
            {
                return new HeapQueryReply(new KaitaiStream(fileName));
            }

            public HeapQueryReply(KaitaiStream p__io, KaitaiStruct p__parent = null, Heap p__root = null) : base(p__io)
            {
                m_parent = p__parent;
                m_root = p__root;
                f_isList = false;
                f_numFirst = false;
                _read();
            }
            private void _read()
            {
                if (IsList) {
                    _list = new FreeParcels(m_io, this, m_root);
                }
                if (!(IsList)) {
                    _amounts = new Statistics(m_io, this, m_root);
                }
            }
            public partial class FreeParcels : KaitaiStruct
            {
                public static FreeParcels FromFile(string fileName)
                {
                    return new FreeParcels(new KaitaiStream(fileName));
                }

                public FreeParcels(KaitaiStream p__io, Heap.HeapQueryReply p__parent = null, Heap p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _read();
                }
                private void _read()
                {
                    _numParcels = m_io.ReadU4le();
                    _parcels = new List<ParcelEntry>();
                    for (var i = 0; i < NumParcels; i++)
                    {
                        _parcels.Add(new ParcelEntry(m_io, this, m_root));
                    }
                }
                private uint _numParcels;
                private List<ParcelEntry> _parcels;
                private Heap m_root;
                private Heap.HeapQueryReply m_parent;
                public uint NumParcels { get { return _numParcels; } }
                public List<ParcelEntry> Parcels { get { return _parcels; } }
                public Heap M_Root { get { return m_root; } }
                public Heap.HeapQueryReply M_Parent { get { return m_parent; } }
            }
            public partial class ParcelEntry : KaitaiStruct
            {
                public static ParcelEntry FromFile(string fileName)
                {
                    return new ParcelEntry(new KaitaiStream(fileName));
                }

                public ParcelEntry(KaitaiStream p__io, Heap.HeapQueryReply.FreeParcels p__parent = null, Heap p__root = null) : base(p__io)
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
                private Heap m_root;
                private Heap.HeapQueryReply.FreeParcels m_parent;
                public uint Parcel { get { return _parcel; } }
                public Heap M_Root { get { return m_root; } }
                public Heap.HeapQueryReply.FreeParcels M_Parent { get { return m_parent; } }
            }
            public partial class Statistics : KaitaiStruct
            {
                public static Statistics FromFile(string fileName)
                {
                    return new Statistics(new KaitaiStream(fileName));
                }

                public Statistics(KaitaiStream p__io, Heap.HeapQueryReply p__parent = null, Heap p__root = null) : base(p__io)
                {
                    m_parent = p__parent;
                    m_root = p__root;
                    _read();
                }
                private void _read()
                {
                    _total = m_io.ReadU8le();
                    _allocated = m_io.ReadU8le();
                    _reserved = m_io.ReadU8le();
                    _largestFree = m_io.ReadU8le();
                }
                private ulong _total;
                private ulong _allocated;
                private ulong _reserved;
                private ulong _largestFree;
                private Heap m_root;
                private Heap.HeapQueryReply m_parent;
                public ulong Total { get { return _total; } }
                public ulong Allocated { get { return _allocated; } }

                /// <summary>
                /// A field, in spite of its name.
                /// </summary>
                public ulong Reserved { get { return _reserved; } }
                public ulong LargestFree { get { return _largestFree; } }
                public Heap M_Root { get { return m_root; } }
                public Heap.HeapQueryReply M_Parent { get { return m_parent; } }
            }
            private bool f_isList;
            private bool _isList;
            public bool IsList
            {
                get
                {
                    if (f_isList)
                        return _isList;
                    f_isList = true;
                    _isList = (bool) ( ((M_Io.Size >= 4) && (KaitaiStream.Mod(M_Io.Size, 4) == 0) && (NumFirst == M_Io.Size / 4 - 1)) );
                    return _isList;
                }
            }
            private bool f_numFirst;
            private uint _numFirst;
            public uint NumFirst
            {
                get
                {
                    if (f_numFirst)
                        return _numFirst;
                    f_numFirst = true;
                    long _pos = m_io.Pos;
                    m_io.Seek(0);
                    _numFirst = m_io.ReadU4le();
                    m_io.Seek(_pos);
                    return _numFirst;
                }
            }
            private FreeParcels _list;
            private Statistics _amounts;
            private Heap m_root;
            private KaitaiStruct m_parent;
            public FreeParcels List { get { return _list; } }
            public Statistics Amounts { get { return _amounts; } }
            public Heap M_Root { get { return m_root; } }
            public KaitaiStruct M_Parent { get { return m_parent; } }
        }
        private Heap m_root;
        private KaitaiStruct m_parent;
        public Heap M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
