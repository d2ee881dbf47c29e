// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
using Kaitai;

namespace RmStack.Spec
{

    /// <summary>
    /// What one hypervisor queue message carries: eight header bytes and up to 232 bytes of content. A message of more content is
    /// several packets that repeat the header (only the type differs: the first says what the message is, the others say
    /// continuation); its content is theirs joined in order. Content of a request or notification is its payload; content of a
    /// reply is the error word and then the payload.
    /// A packet that breaks one of the rules here is dropped by the Resource Manager without an answer.
    /// </summary>
    /// <remarks>
    /// Reference: RM: rm-rpc.c, rm-rpc.h; Linux v17: rsc_mgr.c
    /// </remarks>
    public partial class GunyahRmPacket : KaitaiStruct
    {
        public static GunyahRmPacket FromFile(string fileName)
        {
            return new GunyahRmPacket(new KaitaiStream(fileName));
        }

        public GunyahRmPacket(KaitaiStream p__io, KaitaiStruct p__parent = null, GunyahRmPacket p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _read();
        }
        private void _read()
        {
            _version = m_io.ReadBitsIntLe(4);
            {
                ulong M_ = _version;
                if (!( ((M_ == 1) && (M_Io.Size <= 240)) ))
                {
                    throw new ValidationExprError(_version, m_io, "/seq/0");
                }
            }
            _headerWords = m_io.ReadBitsIntLe(4);
            if (!(_headerWords == 2))
            {
                throw new ValidationNotEqualError(2, _headerWords, m_io, "/seq/1");
            }
            _type = m_io.ReadBitsIntLe(2);
            _fragments = m_io.ReadBitsIntLe(6);
            if (!(_fragments <= 62))
            {
                throw new ValidationGreaterThanError(62, _fragments, m_io, "/seq/3");
            }
            m_io.AlignToByte();
            _sequence = m_io.ReadU2le();
            _id = m_io.ReadU4le();
            _content = m_io.ReadBytesFull();
        }
        private ulong _version;
        private ulong _headerWords;
        private ulong _type;
        private ulong _fragments;
        private ushort _sequence;
        private uint _id;
        private byte[] _content;
        private GunyahRmPacket m_root;
        private KaitaiStruct m_parent;

        /// <summary>
        /// Version of the RPC header. Also the place where the largest packet is enforced, 240 bytes.
        /// </summary>
        public ulong Version { get { return _version; } }

        /// <summary>
        /// Size of this header in 32-bit words.
        /// </summary>
        public ulong HeaderWords { get { return _headerWords; } }

        /// <summary>
        /// 0 continuation, 1 request, 2 reply, 3 notification.
        /// </summary>
        public ulong Type { get { return _type; } }

        /// <summary>
        /// How many continuations follow the first packet; the same number in every packet of the message.
        /// </summary>
        public ulong Fragments { get { return _fragments; } }

        /// <summary>
        /// Chosen by whoever sends the request, given back in the reply. Of no meaning in notifications.
        /// </summary>
        public ushort Sequence { get { return _sequence; } }

        /// <summary>
        /// Which message this is; a reply repeats the id of its request.
        /// </summary>
        public uint Id { get { return _id; } }
        public byte[] Content { get { return _content; } }
        public GunyahRmPacket M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
    }
}
