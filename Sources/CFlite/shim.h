#include <flite/flite.h>

// The voices have no header. Each returns one voice for the process and must be called once, before any synthesis.
cst_voice *register_cmu_us_slt(const char *directory);
cst_voice *register_cmu_us_rms(const char *directory);
cst_voice *register_cmu_us_awb(const char *directory);
cst_voice *register_cmu_us_kal16(const char *directory);
