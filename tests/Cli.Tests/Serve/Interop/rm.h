/* The client's end of a Resource Manager link on a Unix socket: a packet per datagram, and nothing else. */
#ifndef RM_H
#define RM_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    RM_PACKET = 240,
    RM_HEADER = 8,
    RM_CONTENT = RM_PACKET - RM_HEADER,
    RM_MESSAGE = 63 * RM_CONTENT,

    RM_CONTINUATION = 0,
    RM_REQUEST = 1,
    RM_REPLY = 2,
    RM_NOTIFICATION = 3,

    MEM_LEND = 0x51000012,
    MEM_RECLAIM = 0x51000015,
    MEM_RELEASED = 0x51100012,
    VM_ALLOCATE = 0x56000001,
    VM_DEALLOCATE = 0x56000002,
    VM_START = 0x56000004,
    VM_RESET = 0x56000006,
    VM_CONFIG_IMAGE = 0x56000009,
    VM_INIT = 0x5600000b,
    VM_EXITED = 0x56100001,
    VM_STATUS = 0x56100008,
};

struct rm_message {
    unsigned type;
    uint16_t sequence;
    uint32_t id;
    size_t length;
    uint8_t content[RM_MESSAGE];
};

static inline void put16(uint8_t *at, unsigned value) { at[0] = (uint8_t)value; at[1] = (uint8_t)(value >> 8); }
static inline void put32(uint8_t *at, uint32_t value) { put16(at, value & 0xffff); put16(at + 2, value >> 16); }
static inline void put64(uint8_t *at, uint64_t value) { put32(at, (uint32_t)value); put32(at + 4, (uint32_t)(value >> 32)); }
static inline unsigned get16(const uint8_t *at) { return at[0] | (unsigned)at[1] << 8; }
static inline uint32_t get32(const uint8_t *at) { return get16(at) | (uint32_t)get16(at + 2) << 16; }

static inline void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

#define CHECK(condition) \
    do { if (!(condition)) { fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition); exit(1); } } while (0)

static inline int rm_connect(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int rm = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    if (rm < 0) die("socket");
    CHECK(strlen(path) < sizeof(address.sun_path));
    strcpy(address.sun_path, path);
    if (connect(rm, (struct sockaddr *)&address, sizeof(address)) < 0) die(path);
    return rm;
}

/* Sends a request, in as many packets as it takes. */
static inline void rm_send(int rm, uint16_t sequence, uint32_t id, const void *payload, size_t length)
{
    const uint8_t *bytes = payload;
    unsigned fragments = length == 0 ? 0 : (unsigned)((length - 1) / RM_CONTENT);
    for (unsigned n = 0; n <= fragments; n++) {
        uint8_t packet[RM_PACKET];
        size_t content = length < RM_CONTENT ? length : RM_CONTENT;
        packet[0] = 0x21;
        packet[1] = (uint8_t)(fragments << 2 | (n == 0 ? RM_REQUEST : RM_CONTINUATION));
        put16(packet + 2, sequence);
        put32(packet + 4, id);
        if (content) memcpy(packet + RM_HEADER, bytes, content);
        if (send(rm, packet, RM_HEADER + content, 0) != (ssize_t)(RM_HEADER + content)) die("send");
        bytes += content;
        length -= content;
    }
}

/* Receives the next message, whatever it is. */
static inline void rm_receive(int rm, struct rm_message *message)
{
    unsigned missing = 0;
    do {
        uint8_t packet[RM_PACKET];
        ssize_t size = recv(rm, packet, sizeof(packet), 0);
        if (size < 0) die("recv");
        CHECK(size >= RM_HEADER);
        CHECK(packet[0] == 0x21);
        if ((packet[1] & 3) != RM_CONTINUATION) {
            message->type = packet[1] & 3;
            message->sequence = (uint16_t)get16(packet + 2);
            message->id = get32(packet + 4);
            message->length = 0;
            missing = packet[1] >> 2;
        } else {
            CHECK(missing > 0 && message->id == get32(packet + 4));
            missing--;
        }
        memcpy(message->content + message->length, packet + RM_HEADER, (size_t)size - RM_HEADER);
        message->length += (size_t)size - RM_HEADER;
    } while (missing > 0);
}

#endif
