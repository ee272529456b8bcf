// The least that a server of media streams can do: what Parley's cost is compared with, in the same minute on the same machine.
//
//   floor PORT       on 127.0.0.1; every 20 ms of sound that comes in is decoded, measured, coded again and sent back
//
// One thread, epoll, no timers, no voice activity detection, no call. It believes its peer: a yardstick, not a server.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 16384, STREAM = 64, SOUND = 320 };

struct peer {
    int socket, is_open;
    size_t held;
    size_t stream_length;
    char stream[STREAM];
    unsigned char bytes[ROOM];
};

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static int8_t values[256];
static int16_t expanded[256];
static uint8_t coded[16384];
static double loudest; // keeps the measuring from being left out

// ITU-T G.711 mu-law; 14 bits of a sample count.
static void make_tables(void) {
    memset(values, -1, sizeof values);
    for (int i = 0; i < 64; i++) values[(int)digits[i]] = (int8_t)i;
    for (int i = 0; i < 256; i++) {
        int code = ~i & 255;
        int size = (((code & 15) << 3) + 132) << (code >> 4 & 7);
        expanded[i] = (int16_t)(code & 128 ? 132 - size : size - 132);
    }
    for (int i = 0; i < 16384; i++) {
        int sample = (int16_t)(i << 2), sign = 0, exponent = 7;
        if (sample < 0) { sign = 128; sample = -sample; }
        if (sample > 32635) sample = 32635;
        sample += 132;
        for (int bit = 0x4000; exponent > 0 && !(sample & bit); bit >>= 1) exponent--;
        coded[i] = (uint8_t)~(sign | exponent << 4 | (sample >> (exponent + 3) & 15));
    }
}

static size_t from_base64(const char *text, size_t length, uint8_t *out) {
    uint8_t *to = out;
    for (size_t i = 0; i + 3 < length; i += 4) {
        int a = values[(uint8_t)text[i]], b = values[(uint8_t)text[i + 1]];
        int c = values[(uint8_t)text[i + 2]], d = values[(uint8_t)text[i + 3]];
        *to++ = (uint8_t)(a << 2 | b >> 4);
        if (c >= 0) *to++ = (uint8_t)(b << 4 | c >> 2);
        if (d >= 0) *to++ = (uint8_t)(c << 6 | d);
    }
    return (size_t)(to - out);
}

static size_t to_base64(const uint8_t *bytes, size_t count, char *out) {
    char *to = out;
    for (size_t i = 0; i < count; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16;
        if (i + 1 < count) group |= (unsigned)bytes[i + 1] << 8;
        if (i + 2 < count) group |= bytes[i + 2];
        *to++ = digits[group >> 18];
        *to++ = digits[group >> 12 & 63];
        *to++ = i + 1 < count ? digits[group >> 6 & 63] : '=';
        *to++ = i + 2 < count ? digits[group & 63] : '=';
    }
    return (size_t)(to - out);
}

// RFC 3174, for the handshake's 60 octets alone.
static uint32_t rotate(uint32_t word, int by) { return word << by | word >> (32 - by); }

static void sha1(const uint8_t *message, size_t length, uint8_t out[20]) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t blocks[128] = {0};
    memcpy(blocks, message, length);
    blocks[length] = 0x80;
    blocks[126] = (uint8_t)(length * 8 >> 8);
    blocks[127] = (uint8_t)(length * 8);
    for (int block = 0; block < 2; block++) {
        uint32_t w[80];
        for (int i = 0; i < 16; i++) {
            const uint8_t *p = blocks + 64 * block + 4 * i;
            w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        }
        for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 80; i++) {
            uint32_t f, k;
            if (i < 20) { f = (b & c) | (~b & d); k = 0x5A827999; }
            else if (i < 40) { f = b ^ c ^ d; k = 0x6ED9EBA1; }
            else if (i < 60) { f = (b & c) | (b & d) | (c & d); k = 0x8F1BBCDC; }
            else { f = b ^ c ^ d; k = 0xCA62C1D6; }
            uint32_t next = rotate(a, 5) + f + e + k + w[i];
            e = d; d = c; c = rotate(b, 30); b = a; a = next;
        }
        h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e;
    }
    for (int i = 0; i < 20; i++) out[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}

// Loopback and a peer that reads: what does not fit into the socket's buffer ends the connection.
static int put(struct peer *peer, const char *bytes, size_t count) {
    return send(peer->socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)count ? 0 : -1;
}

// The text behind `"name":`, between its quotes.
static const char *field(const char *text, size_t length, const char *name, size_t *found) {
    const char *at = memmem(text, length, name, strlen(name)), *end = text + length;
    if (!at) return NULL;
    at += strlen(name);
    while (at < end && (*at == ' ' || *at == ':')) at++;
    if (at >= end || *at++ != '"') return NULL;
    const char *close = memchr(at, '"', (size_t)(end - at));
    if (!close) return NULL;
    *found = (size_t)(close - at);
    return at;
}

static int take_message(struct peer *peer, const char *text, size_t length) {
    size_t count;
    const char *event = field(text, length, "\"event\"", &count);
    if (!event) return 0;
    if (count == 5 && !memcmp(event, "start", 5)) {
        const char *stream = field(text, length, "\"streamSid\"", &count);
        if (stream && count < STREAM) memcpy(peer->stream, stream, peer->stream_length = count);
        return 0;
    }
    if (count != 5 || memcmp(event, "media", 5)) return 0;
    const char *payload = field(text, length, "\"payload\"", &count);
    if (!payload || count > SOUND * 4 / 3) return 0;

    uint8_t octets[SOUND];
    size_t samples = from_base64(payload, count, octets);
    int64_t energy = 0;
    for (size_t i = 0; i < samples; i++) {
        int16_t sample = expanded[octets[i]];
        energy += (int64_t)sample * sample;
        octets[i] = coded[(uint16_t)sample >> 2];
    }
    double level = sqrt((double)energy / (double)(samples ? samples : 1));
    if (level > loudest) loudest = level;

    char frame[1024], *at = frame + 4;
    at = mempcpy(at, "{\"event\":\"media\",\"streamSid\":\"", 30);
    at = mempcpy(at, peer->stream, peer->stream_length);
    at = mempcpy(at, "\",\"media\":{\"payload\":\"", 22);
    at += to_base64(octets, samples, at);
    at = mempcpy(at, "\"}}", 3);
    size_t size = (size_t)(at - frame - 4);
    char *head = frame;
    if (size < 126) { head += 2; head[1] = (char)size; }
    else { head[1] = 126; head[2] = (char)(size >> 8); head[3] = (char)size; }
    head[0] = (char)0x81;
    return put(peer, head, (size_t)(at - head));
}

static int answer_upgrade(struct peer *peer) {
    peer->bytes[peer->held] = 0;
    char *end = strstr((char *)peer->bytes, "\r\n\r\n"), *key = strcasestr((char *)peer->bytes, "sec-websocket-key:");
    if (!end) return peer->held < 8000 ? 0 : -1;
    if (!key) return -1;
    key += strlen("sec-websocket-key:");
    while (*key == ' ') key++;
    char text[64], accept[32], answer[256];
    uint8_t hash[20];
    int length = snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    sha1((uint8_t *)text, (size_t)length, hash);
    accept[to_base64(hash, sizeof hash, accept)] = 0;
    length = snprintf(answer, sizeof answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
        accept);
    size_t used = (size_t)(end + 4 - (char *)peer->bytes);
    memmove(peer->bytes, peer->bytes + used, peer->held -= used);
    peer->is_open = 1;
    return put(peer, answer, (size_t)length);
}

static int take_frames(struct peer *peer) {
    size_t at = 0;
    for (;;) {
        unsigned char *frame = peer->bytes + at;
        size_t left = peer->held - at, head = 6;
        if (left < head) break;
        size_t length = frame[1] & 127;
        if (length == 126) {
            if (left < 8) break;
            length = (size_t)frame[2] << 8 | frame[3];
            head = 8;
        }
        if (length == 127 || head + length >= ROOM || !(frame[1] & 128)) return -1;
        if (left < head + length) break;
        uint32_t key;
        memcpy(&key, frame + head - 4, 4);
        uint64_t wide = (uint64_t)key << 32 | key;
        unsigned char *payload = frame + head;
        size_t i = 0;
        for (; i + 8 <= length; i += 8) {
            uint64_t word;
            memcpy(&word, payload + i, 8);
            word ^= wide;
            memcpy(payload + i, &word, 8);
        }
        for (; i < length; i++) payload[i] ^= (unsigned char)(key >> 8 * (i & 3));
        int opcode = frame[0] & 15;
        if (opcode == 8) { put(peer, "\x88\x02\x03\xe8", 4); return -1; }
        if (opcode == 1 && take_message(peer, (char *)payload, length) < 0) return -1;
        at += head + length;
    }
    memmove(peer->bytes, peer->bytes + at, peer->held -= at);
    return 0;
}

int main(int count, char **words) {
    if (count != 2) { fputs("usage: floor PORT\n", stderr); return 2; }
    make_tables();
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in here = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(words[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(door, (void *)&here, sizeof here) || listen(door, 1024)) { perror("floor"); return 2; }
    int watch = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN}, ready[512];
    epoll_ctl(watch, EPOLL_CTL_ADD, door, &event);
    for (;;) {
        int found = epoll_wait(watch, ready, 512, -1);
        for (int i = 0; i < found; i++) {
            struct peer *peer = ready[i].data.ptr;
            if (!peer) {
                for (int socket; (socket = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
                    if (!(peer = calloc(1, sizeof *peer))) return 1;
                    peer->socket = socket;
                    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    struct epoll_event mine = {.events = EPOLLIN, .data.ptr = peer};
                    epoll_ctl(watch, EPOLL_CTL_ADD, socket, &mine);
                }
                continue;
            }
            ssize_t got = recv(peer->socket, peer->bytes + peer->held, ROOM - 1 - peer->held, 0);
            if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
            int failed = got <= 0;
            if (!failed) {
                peer->held += (size_t)got;
                if (!peer->is_open) failed = answer_upgrade(peer) < 0;
                if (!failed && peer->is_open) failed = take_frames(peer) < 0;
            }
            if (failed) { close(peer->socket); free(peer); }
        }
    }
}
