/*
 * Launches a guest in memory that it shares with the server, waits for its end, takes it apart and looks at what it left.
 * Usage: launch SOCKET RAM IMAGE TREE
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "rm.h"

#define RAM_BASE 0x40000000ull
#define RAM_SIZE 0x40000000ull
#define GUEST 0x44000000ull
#define GUEST_SIZE 0x200000u
#define TREE_AREA 0x10000u
#define TREE (GUEST_SIZE - TREE_AREA)
#define PAGE 4096u

/* The guest's parameters, and how much of its memory it is to fill. */
#define PARAMETERS 0x40
#define FILLED (3 * 65536u)
#define IMAGE_SIZE 0x3000

static int rm;
static uint16_t sequence;
static struct rm_message message;

/* Notifications that came in between, by the state that they tell of. */
static unsigned states[16], released, exited;
static uint8_t exit_type;

static void notified(void)
{
    if (message.id == VM_STATUS) {
        CHECK(message.length == 8 && message.content[4] < 16);
        states[message.content[4]]++;
    } else if (message.id == VM_EXITED) {
        CHECK(message.length >= 8);
        exit_type = message.content[2];
        exited++;
    } else {
        CHECK(message.id == MEM_RELEASED);
        released++;
    }
}

/* Sends a request and waits for its reply; what follows the error word is in the message then. */
static uint32_t call(uint32_t id, const void *payload, size_t length)
{
    rm_send(rm, sequence, id, payload, length);
    for (;;) {
        rm_receive(rm, &message);
        if (message.type == RM_REPLY) break;
        CHECK(message.type == RM_NOTIFICATION);
        notified();
    }
    CHECK(message.sequence == sequence && message.id == id && message.length >= 4);
    sequence++;
    return get32(message.content);
}

static void await(unsigned *counter)
{
    while (*counter == 0) {
        rm_receive(rm, &message);
        CHECK(message.type == RM_NOTIFICATION);
        notified();
    }
}

static size_t load(const char *path, uint8_t *to, size_t room)
{
    FILE *file = fopen(path, "rb");
    if (!file) die(path);
    size_t size = fread(to, 1, room, file);
    CHECK(size > 0 && size < room);
    fclose(file);
    return size;
}

static uint8_t *map(const char *path)
{
    struct stat about;
    int file = open(path, O_RDWR);
    if (file < 0 || fstat(file, &about) < 0) die(path);
    CHECK((unsigned long long)about.st_size == RAM_SIZE);
    uint8_t *ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (ram == MAP_FAILED) die("mmap");
    close(file);
    return ram;
}

/* Page by page, so that the request takes many packets. */
static uint32_t lend(unsigned vmid)
{
    enum { PAGES = GUEST_SIZE / PAGE };
    static uint8_t request[8 + 4 + 4 + 4 + PAGES * 16 + 4];
    uint8_t *at = request + 8;
    put32(at, 1);
    put16(at + 4, vmid);
    put16(at + 6, 7);
    put32(at + 8, PAGES);
    at += 12;
    for (unsigned n = 0; n < PAGES; n++, at += 16) {
        put64(at, GUEST + n * (uint64_t)PAGE);
        put64(at + 8, PAGE);
    }
    CHECK(call(MEM_LEND, request, sizeof(request)) == 0);
    CHECK(message.length == 8);
    return get32(message.content + 4);
}

int main(int argc, char **argv)
{
    uint8_t request[40] = { 0 };
    CHECK(argc == 5);
    uint8_t *guest = map(argv[2]) + (GUEST - RAM_BASE);
    rm = rm_connect(argv[1]);

    CHECK(call(VM_ALLOCATE, request, 4) == 0);
    unsigned vmid = get16(message.content + 4);

    size_t image = load(argv[3], guest, TREE);
    size_t tree = load(argv[4], guest + TREE, TREE_AREA);
    put32(guest + PARAMETERS, 0x504d5352);
    put32(guest + PARAMETERS + 4, 0);
    put64(guest + PARAMETERS + 8, FILLED);
    printf("VM 0x%x: image %zu bytes, device tree %zu bytes\n", vmid, image, tree);

    uint32_t parcel = lend(vmid);
    put16(request, vmid);
    put32(request + 4, parcel);
    put64(request + 24, TREE);
    put64(request + 32, TREE_AREA);
    CHECK(call(VM_CONFIG_IMAGE, request, 40) == 0);
    CHECK(states[1] == 1);
    memset(request + 2, 0, sizeof(request) - 2);
    CHECK(call(VM_INIT, request, 4) == 0);
    CHECK(states[2] == 1);
    CHECK(call(VM_START, request, 4) == 0);
    CHECK(states[3] == 1);

    await(&exited);
    printf("ended: type %u\n", exit_type);

    /* It cannot be had back before the guest was reset. */
    uint8_t reclaim[8] = { 0 };
    put32(reclaim, parcel);
    printf("reclaim before reset: error %u\n", call(MEM_RECLAIM, reclaim, sizeof(reclaim)));
    CHECK(call(VM_RESET, request, 4) == 0);
    await(&states[11]);
    CHECK(states[9] == 1 && states[10] == 1 && released == 1);
    CHECK(call(MEM_RECLAIM, reclaim, sizeof(reclaim)) == 0);
    CHECK(call(VM_DEALLOCATE, request, 4) == 0);

    /* What the guest filled its memory with: xorshift64, in the order of addresses. */
    uint64_t expected = 0x9e3779b97f4a7c15ull;
    for (size_t at = 0; at < FILLED; at += 8) {
        uint64_t found;
        memcpy(&found, guest + IMAGE_SIZE + at, 8);
        CHECK(found == expected);
        expected ^= expected << 13;
        expected ^= expected >> 7;
        expected ^= expected << 17;
    }
    uint64_t behind;
    memcpy(&behind, guest + IMAGE_SIZE + FILLED, 8);
    CHECK(behind != expected);
    printf("%u bytes are the guest's\n", FILLED);
    return 0;
}
