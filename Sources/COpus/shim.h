/* libopus, and its variadic control calls as plain functions, which Swift can call. */
#include <opus.h>

static inline int parley_opus_encoder_set_application(OpusEncoder *e, opus_int32 v) {
    return opus_encoder_ctl(e, OPUS_SET_APPLICATION(v));
}
static inline int parley_opus_encoder_set_bitrate(OpusEncoder *e, opus_int32 v) {
    return opus_encoder_ctl(e, OPUS_SET_BITRATE(v));
}
static inline int parley_opus_encoder_set_complexity(OpusEncoder *e, opus_int32 v) {
    return opus_encoder_ctl(e, OPUS_SET_COMPLEXITY(v));
}
static inline int parley_opus_encoder_set_inband_fec(OpusEncoder *e, opus_int32 v) {
    return opus_encoder_ctl(e, OPUS_SET_INBAND_FEC(v));
}
static inline int parley_opus_encoder_set_packet_loss(OpusEncoder *e, opus_int32 v) {
    return opus_encoder_ctl(e, OPUS_SET_PACKET_LOSS_PERC(v));
}
static inline int parley_opus_encoder_set_dtx(OpusEncoder *e, opus_int32 v) {
    return opus_encoder_ctl(e, OPUS_SET_DTX(v));
}
static inline int parley_opus_encoder_get_lookahead(OpusEncoder *e, opus_int32 *v) {
    return opus_encoder_ctl(e, OPUS_GET_LOOKAHEAD(v));
}
static inline int parley_opus_encoder_reset(OpusEncoder *e) {
    return opus_encoder_ctl(e, OPUS_RESET_STATE);
}
static inline int parley_opus_decoder_reset(OpusDecoder *d) {
    return opus_decoder_ctl(d, OPUS_RESET_STATE);
}
