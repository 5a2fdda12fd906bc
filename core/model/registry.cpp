#include "core/model/registry.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

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
    std::string_view class_prefix;  // "Bert": of BertModel, BertForMaskedLM ...; empty: not told
    OpenFamily open;
};

constexpr std::array<Family, 41> kFamilies = {{
    {"albert", "Albert", open_albert},
    {"bart", "Bart", open_bart},
    {"bert", "Bert", open_bert},
    {"bloom", "Bloom", open_bloom},
    {"camembert", "Camembert", open_camembert},
    {"clip", "CLIP", open_clip},
    {"clip_text_model", "CLIPText", open_clip_text},
    {"clip_vision_model", "CLIPVision", open_clip_vision},
    {"ctrl", "CTRL", open_ctrl},
    {"deit", "DeiT", open_deit},
    {"distilbert", "DistilBert", open_distilbert},
    {"electra", "Electra", open_electra},
    {"falcon", "Falcon", open_falcon},
    {"gemma", "Gemma", open_gemma},
    {"gemma2", "Gemma2", open_gemma2},
    {"gemma3", "", open_gemma3},
    {"gemma3_text", "Gemma3", open_gemma3_text},
    {"gpt2", "GPT2", open_gpt2},
    {"gpt_neo", "GPTNeo", open_gpt_neo},
    {"gpt_neox", "GPTNeoX", open_gpt_neox},
    {"gptj", "GPTJ", open_gptj},
    {"llama", "Llama", open_llama},
    {"marian", "Marian", open_marian},
    {"mbart", "MBart", open_mbart},
    {"mistral", "Mistral", open_mistral},
    {"modernbert", "ModernBert", open_modernbert},
    {"mt5", "MT5", open_mt5},
    {"olmo2", "Olmo2", open_olmo2},
    {"openai-gpt", "OpenAIGPT", open_openai_gpt},
    {"opt", "OPT", open_opt},
    {"pegasus", "Pegasus", open_pegasus},
    {"phi", "Phi", open_phi},
    {"phi3", "Phi3", open_phi3},
    {"qwen2", "Qwen2", open_qwen2},
    {"qwen3", "Qwen3", open_qwen3},
    {"roberta", "Roberta", open_roberta},
    {"smollm3", "SmolLM3", open_smollm3},
    {"t5", "T5", open_t5},
    {"transfo-xl", "TransfoXL", open_transfo_xl},
    {"vit", "ViT", open_vit},
    {"xlm-roberta", "XLMRoberta", open_xlm_roberta},
}};

// Whether a class of transformers called `name` is of a family of classes that begin so.
bool is_class_of(std::string_view name, std::string_view prefix) {
    constexpr std::array<std::string_view, 6> kEndings = {"For",     "Model",        "LMHeadModel",
                                                          "MTModel", "EncoderModel", "DoubleHeads"};
    if (prefix.empty() || !name.starts_with(prefix)) return false;
    name.remove_prefix(prefix.size());
    return std::any_of(kEndings.begin(), kEndings.end(),
                       [name](std::string_view ending) { return name.starts_with(ending); });
}

}  // namespace

ModelConfig complete_model_type(ModelConfig config) {
    if (config.reader().has("model_type")) return config;
    const Json* names = config.reader().json().find_non_null("architectures");
    const bool has_name = names != nullptr && names->is_array() && !names->array.empty();
    for (const Family& family : kFamilies) {
        if (!has_name || !is_class_of(names->array.front().string, family.class_prefix)) continue;
        Json json = config.reader().json();
        std::erase_if(json.object, [](const auto& field) { return field.first == "model_type"; });
        Json type;
        type.kind = Json::Kind::kString;
        type.string = family.model_type;
        json.object.emplace_back("model_type", std::move(type));
        return ModelConfig(std::move(json), config.where());
    }
    return config;
}

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
