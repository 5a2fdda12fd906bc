#include "core/model/registry.h"

#include <array>
#include <string_view>

#include "core/base/error.h"
#include "core/model/families/albert.h"
#include "core/model/families/bart.h"
#include "core/model/families/bert.h"
#include "core/model/families/bloom.h"
#include "core/model/families/clip.h"
#include "core/model/families/ctrl.h"
#include "core/model/families/distilbert.h"
#include "core/model/families/electra.h"
#include "core/model/families/falcon.h"
#include "core/model/families/gemma.h"
#include "core/model/families/gpt2.h"
#include "core/model/families/gpt_neo.h"
#include "core/model/families/gpt_neox.h"
#include "core/model/families/gptj.h"
#include "core/model/families/llama.h"
#include "core/model/families/marian.h"
#include "core/model/families/mbart.h"
#include "core/model/families/mistral.h"
#include "core/model/families/modernbert.h"
#include "core/model/families/olmo2.h"
#include "core/model/families/openai_gpt.h"
#include "core/model/families/opt.h"
#include "core/model/families/pegasus.h"
#include "core/model/families/phi.h"
#include "core/model/families/phi3.h"
#include "core/model/families/qwen2.h"
#include "core/model/families/qwen3.h"
#include "core/model/families/roberta.h"
#include "core/model/families/smollm3.h"
#include "core/model/families/t5.h"
#include "core/model/families/transfo_xl.h"
#include "core/model/families/vit.h"

namespace heed {
namespace {

struct Family {
    std::string_view model_type;
    OpenFamily open;
};

constexpr std::array<Family, 41> kFamilies = {{
    {"albert", open_albert},
    {"bart", open_bart},
    {"bert", open_bert},
    {"bloom", open_bloom},
    {"camembert", open_camembert},
    {"clip", open_clip},
    {"clip_text_model", open_clip_text},
    {"clip_vision_model", open_clip_vision},
    {"ctrl", open_ctrl},
    {"deit", open_deit},
    {"distilbert", open_distilbert},
    {"electra", open_electra},
    {"falcon", open_falcon},
    {"gemma", open_gemma},
    {"gemma2", open_gemma2},
    {"gemma3", open_gemma3},
    {"gemma3_text", open_gemma3_text},
    {"gpt2", open_gpt2},
    {"gpt_neo", open_gpt_neo},
    {"gpt_neox", open_gpt_neox},
    {"gptj", open_gptj},
    {"llama", open_llama},
    {"marian", open_marian},
    {"mbart", open_mbart},
    {"mistral", open_mistral},
    {"modernbert", open_modernbert},
    {"mt5", open_mt5},
    {"olmo2", open_olmo2},
    {"openai-gpt", open_openai_gpt},
    {"opt", open_opt},
    {"pegasus", open_pegasus},
    {"phi", open_phi},
    {"phi3", open_phi3},
    {"qwen2", open_qwen2},
    {"qwen3", open_qwen3},
    {"roberta", open_roberta},
    {"smollm3", open_smollm3},
    {"t5", open_t5},
    {"transfo-xl", open_transfo_xl},
    {"vit", open_vit},
    {"xlm-roberta", open_xlm_roberta},
}};

}  // namespace

std::string supported_families() {
    std::string names;
    for (const Family& family : kFamilies) {
        names += (names.empty() ? "" : ", ") + std::string(family.model_type);
    }
    return names;
}

std::unique_ptr<Network> open_network(const ModelConfig& config, WeightSource& weights) {
    const Json* type = config.reader().json().find_non_null("model_type");
    if (type != nullptr && type->is_string()) {
        for (const Family& family : kFamilies) {
            if (family.model_type == type->string) return family.open(config, weights);
        }
    }
    config.reader().fail("model_type", "one of " + supported_families(), type);
}

}  // namespace heed
