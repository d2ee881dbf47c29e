// This is a generated file! Please edit source .ksy file and use kaitai-struct-compiler to rebuild
using Kaitai;

namespace RmStack.Spec
{

    /// <summary>
    /// The joined content of a reply: the error word, then a payload that is a request's own only when the error is 0. An error comes
    /// alone, except for two requests of the 12/2023 Resource Manager that append one word with the hypervisor's error number.
    /// </summary>
    /// <remarks>
    /// Reference: RM: rm-rpc.c, resource-manager.c, vm_mgnt.c
    /// </remarks>
    public partial class GunyahRmReply : KaitaiStruct
    {
        public GunyahRmReply(uint p_msgId, KaitaiStream p__io, KaitaiStruct p__parent = null, GunyahRmReply p__root = null) : base(p__io)
        {
            m_parent = p__parent;
            m_root = p__root ?? this;
            _msgId = p_msgId;
            f_hasDetail = false;
            _read();
        }
        private void _read()
        {
            _error = m_io.ReadU4le();
            if (Error == 0) {
                __raw_payload = m_io.ReadBytesFull();
                var io___raw_payload = new KaitaiStream(__raw_payload);
                _payload = new GunyahRmPayload(MsgId, true, io___raw_payload);
            }
            if ( ((Error != 0) && (HasDetail)) ) {
                _detail = m_io.ReadU4le();
            }
            if ( ((Error != 0) && (!(M_Io.IsEof))) ) {
                _extra = m_io.ReadBytesFull();
            }
        }
        private bool f_hasDetail;
        private bool _hasDetail;
        public bool HasDetail
        {
            get
            {
                if (f_hasDetail)
                    return _hasDetail;
                f_hasDetail = true;
                _hasDetail = (bool) ( (( ((MsgId == 1442840624) || (MsgId == 1442840626)) ) && (M_Io.Size == 8)) );
                return _hasDetail;
            }
        }
        private uint _error;
        private GunyahRmPayload _payload;
        private uint? _detail;
        private byte[] _extra;
        private uint _msgId;
        private GunyahRmReply m_root;
        private KaitaiStruct m_parent;
        private byte[] __raw_payload;

        /// <summary>
        /// 0 is OK.
        /// </summary>
        public uint Error { get { return _error; } }
        public GunyahRmPayload Payload { get { return _payload; } }
        public uint? Detail { get { return _detail; } }

        /// <summary>
        /// Nothing public sends this; no receiver refuses it.
        /// </summary>
        public byte[] Extra { get { return _extra; } }
        public uint MsgId { get { return _msgId; } }
        public GunyahRmReply M_Root { get { return m_root; } }
        public KaitaiStruct M_Parent { get { return m_parent; } }
        public byte[] M_RawPayload { get { return __raw_payload; } }
    }
}
