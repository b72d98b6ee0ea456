var a1=globalThis,A1=a1.ShadowRoot&&(a1.ShadyCSS===void 0||a1.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,c1=Symbol(),H2=new WeakMap,U=class{constructor(C,H,L){if(this._$cssResult$=!0,L!==c1)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=C,this.t=H}get styleSheet(){let C=this.o,H=this.t;if(A1&&C===void 0){let L=H!==void 0&&H.length===1;L&&(C=H2.get(H)),C===void 0&&((this.o=C=new CSSStyleSheet).replaceSync(this.cssText),L&&H2.set(H,C))}return C}toString(){return this.cssText}},V2=V=>new U(typeof V=="string"?V:V+"",void 0,c1),S=(V,...C)=>{let H=V.length===1?V[0]:C.reduce((L,M,r)=>L+(e=>{if(e._$cssResult$===!0)return e.cssText;if(typeof e=="number")return e;throw Error("Value passed to 'css' function must be a 'css' function result: "+e+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(M)+V[r+1],V[0]);return new U(H,V,c1)},L2=(V,C)=>{if(A1)V.adoptedStyleSheets=C.map(H=>H instanceof CSSStyleSheet?H:H.styleSheet);else for(let H of C){let L=document.createElement("style"),M=a1.litNonce;M!==void 0&&L.setAttribute("nonce",M),L.textContent=H.cssText,V.appendChild(L)}},h1=A1?V=>V:V=>V instanceof CSSStyleSheet?(C=>{let H="";for(let L of C.cssRules)H+=L.cssText;return V2(H)})(V):V;var{is:$5,defineProperty:W5,getOwnPropertyDescriptor:I5,getOwnPropertyNames:U5,getOwnPropertySymbols:G5,getPrototypeOf:Q5}=Object,d1=globalThis,M2=d1.trustedTypes,z5=M2?M2.emptyScript:"",K5=d1.reactiveElementPolyfillSupport,G=(V,C)=>V,O1={toAttribute(V,C){switch(C){case Boolean:V=V?z5:null;break;case Object:case Array:V=V==null?V:JSON.stringify(V)}return V},fromAttribute(V,C){let H=V;switch(C){case Boolean:H=V!==null;break;case Number:H=V===null?null:Number(V);break;case Object:case Array:try{H=JSON.parse(V)}catch{H=null}}return H}},e2=(V,C)=>!$5(V,C),r2={attribute:!0,type:String,converter:O1,reflect:!1,useDefault:!1,hasChanged:e2};Symbol.metadata??=Symbol("metadata"),d1.litPropertyMetadata??=new WeakMap;var c=class extends HTMLElement{static addInitializer(C){this._$Ei(),(this.l??=[]).push(C)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(C,H=r2){if(H.state&&(H.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(C)&&((H=Object.create(H)).wrapped=!0),this.elementProperties.set(C,H),!H.noAccessor){let L=Symbol(),M=this.getPropertyDescriptor(C,L,H);M!==void 0&&W5(this.prototype,C,M)}}static getPropertyDescriptor(C,H,L){let{get:M,set:r}=I5(this.prototype,C)??{get(){return this[H]},set(e){this[H]=e}};return{get:M,set(e){let t=M?.call(this);r?.call(this,e),this.requestUpdate(C,t,L)},configurable:!0,enumerable:!0}}static getPropertyOptions(C){return this.elementProperties.get(C)??r2}static _$Ei(){if(this.hasOwnProperty(G("elementProperties")))return;let C=Q5(this);C.finalize(),C.l!==void 0&&(this.l=[...C.l]),this.elementProperties=new Map(C.elementProperties)}static finalize(){if(this.hasOwnProperty(G("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(G("properties"))){let H=this.properties,L=[...U5(H),...G5(H)];for(let M of L)this.createProperty(M,H[M])}let C=this[Symbol.metadata];if(C!==null){let H=litPropertyMetadata.get(C);if(H!==void 0)for(let[L,M]of H)this.elementProperties.set(L,M)}this._$Eh=new Map;for(let[H,L]of this.elementProperties){let M=this._$Eu(H,L);M!==void 0&&this._$Eh.set(M,H)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(C){let H=[];if(Array.isArray(C)){let L=new Set(C.flat(1/0).reverse());for(let M of L)H.unshift(h1(M))}else C!==void 0&&H.push(h1(C));return H}static _$Eu(C,H){let L=H.attribute;return L===!1?void 0:typeof L=="string"?L:typeof C=="string"?C.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(C=>this.enableUpdating=C),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(C=>C(this))}addController(C){(this._$EO??=new Set).add(C),this.renderRoot!==void 0&&this.isConnected&&C.hostConnected?.()}removeController(C){this._$EO?.delete(C)}_$E_(){let C=new Map,H=this.constructor.elementProperties;for(let L of H.keys())this.hasOwnProperty(L)&&(C.set(L,this[L]),delete this[L]);C.size>0&&(this._$Ep=C)}createRenderRoot(){let C=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return L2(C,this.constructor.elementStyles),C}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(C=>C.hostConnected?.())}enableUpdating(C){}disconnectedCallback(){this._$EO?.forEach(C=>C.hostDisconnected?.())}attributeChangedCallback(C,H,L){this._$AK(C,L)}_$ET(C,H){let L=this.constructor.elementProperties.get(C),M=this.constructor._$Eu(C,L);if(M!==void 0&&L.reflect===!0){let r=(L.converter?.toAttribute!==void 0?L.converter:O1).toAttribute(H,L.type);this._$Em=C,r==null?this.removeAttribute(M):this.setAttribute(M,r),this._$Em=null}}_$AK(C,H){let L=this.constructor,M=L._$Eh.get(C);if(M!==void 0&&this._$Em!==M){let r=L.getPropertyOptions(M),e=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:O1;this._$Em=M;let t=e.fromAttribute(H,r.type);this[M]=t??this._$Ej?.get(M)??t,this._$Em=null}}requestUpdate(C,H,L,M=!1,r){if(C!==void 0){let e=this.constructor;if(M===!1&&(r=this[C]),L??=e.getPropertyOptions(C),!((L.hasChanged??e2)(r,H)||L.useDefault&&L.reflect&&r===this._$Ej?.get(C)&&!this.hasAttribute(e._$Eu(C,L))))return;this.C(C,H,L)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(C,H,{useDefault:L,reflect:M,wrapped:r},e){L&&!(this._$Ej??=new Map).has(C)&&(this._$Ej.set(C,e??H??this[C]),r!==!0||e!==void 0)||(this._$AL.has(C)||(this.hasUpdated||L||(H=void 0),this._$AL.set(C,H)),M===!0&&this._$Em!==C&&(this._$Eq??=new Set).add(C))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(H){Promise.reject(H)}let C=this.scheduleUpdate();return C!=null&&await C,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[M,r]of this._$Ep)this[M]=r;this._$Ep=void 0}let L=this.constructor.elementProperties;if(L.size>0)for(let[M,r]of L){let{wrapped:e}=r,t=this[M];e!==!0||this._$AL.has(M)||t===void 0||this.C(M,void 0,r,t)}}let C=!1,H=this._$AL;try{C=this.shouldUpdate(H),C?(this.willUpdate(H),this._$EO?.forEach(L=>L.hostUpdate?.()),this.update(H)):this._$EM()}catch(L){throw C=!1,this._$EM(),L}C&&this._$AE(H)}willUpdate(C){}_$AE(C){this._$EO?.forEach(H=>H.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(C)),this.updated(C)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(C){return!0}update(C){this._$Eq&&=this._$Eq.forEach(H=>this._$ET(H,this[H])),this._$EM()}updated(C){}firstUpdated(C){}};c.elementStyles=[],c.shadowRootOptions={mode:"open"},c[G("elementProperties")]=new Map,c[G("finalized")]=new Map,K5?.({ReactiveElement:c}),(d1.reactiveElementVersions??=[]).push("2.1.2");var B1=globalThis,t2=V=>V,n1=B1.trustedTypes,i2=n1?n1.createPolicy("lit-html",{createHTML:V=>V}):void 0,p2="$lit$",g=`lit$${Math.random().toFixed(9).slice(2)}$`,m2="?"+g,q5=`<${m2}>`,w=document,z=()=>w.createComment(""),K=V=>V===null||typeof V!="object"&&typeof V!="function",P1=Array.isArray,j5=V=>P1(V)||typeof V?.[Symbol.iterator]=="function",g1=`[ 	
\f\r]`,Q=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,o2=/-->/g,a2=/>/g,k=RegExp(`>|${g1}(?:([^\\s"'>=/]+)(${g1}*=${g1}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),A2=/'/g,d2=/"/g,l2=/^(?:script|style|textarea|title)$/i,T1=V=>(C,...H)=>({_$litType$:V,strings:C,values:H}),a=T1(1),R=T1(2),p0=T1(3),B=Symbol.for("lit-noChange"),o=Symbol.for("lit-nothing"),n2=new WeakMap,b=w.createTreeWalker(w,129);function v2(V,C){if(!P1(V)||!V.hasOwnProperty("raw"))throw Error("invalid template strings array");return i2!==void 0?i2.createHTML(C):C}var X5=(V,C)=>{let H=V.length-1,L=[],M,r=C===2?"<svg>":C===3?"<math>":"",e=Q;for(let t=0;t<H;t++){let i=V[t],A,m,d=-1,u=0;for(;u<i.length&&(e.lastIndex=u,m=e.exec(i),m!==null);)u=e.lastIndex,e===Q?m[1]==="!--"?e=o2:m[1]!==void 0?e=a2:m[2]!==void 0?(l2.test(m[2])&&(M=RegExp("</"+m[2],"g")),e=k):m[3]!==void 0&&(e=k):e===k?m[0]===">"?(e=M??Q,d=-1):m[1]===void 0?d=-2:(d=e.lastIndex-m[2].length,A=m[1],e=m[3]===void 0?k:m[3]==='"'?d2:A2):e===d2||e===A2?e=k:e===o2||e===a2?e=Q:(e=k,M=void 0);let O=e===k&&V[t+1].startsWith("/>")?" ":"";r+=e===Q?i+q5:d>=0?(L.push(A),i.slice(0,d)+p2+i.slice(d)+g+O):i+g+(d===-2?t:O)}return[v2(V,r+(V[H]||"<?>")+(C===2?"</svg>":C===3?"</math>":"")),L]},q=class V{constructor({strings:C,_$litType$:H},L){let M;this.parts=[];let r=0,e=0,t=C.length-1,i=this.parts,[A,m]=X5(C,H);if(this.el=V.createElement(A,L),b.currentNode=this.el.content,H===2||H===3){let d=this.el.content.firstChild;d.replaceWith(...d.childNodes)}for(;(M=b.nextNode())!==null&&i.length<t;){if(M.nodeType===1){if(M.hasAttributes())for(let d of M.getAttributeNames())if(d.endsWith(p2)){let u=m[e++],O=M.getAttribute(d).split(g),o1=/([.?@])?(.*)/.exec(u);i.push({type:1,index:r,name:o1[2],strings:O,ctor:o1[1]==="."?y1:o1[1]==="?"?k1:o1[1]==="@"?b1:F}),M.removeAttribute(d)}else d.startsWith(g)&&(i.push({type:6,index:r}),M.removeAttribute(d));if(l2.test(M.tagName)){let d=M.textContent.split(g),u=d.length-1;if(u>0){M.textContent=n1?n1.emptyScript:"";for(let O=0;O<u;O++)M.append(d[O],z()),b.nextNode(),i.push({type:2,index:++r});M.append(d[u],z())}}}else if(M.nodeType===8)if(M.data===m2)i.push({type:2,index:r});else{let d=-1;for(;(d=M.data.indexOf(g,d+1))!==-1;)i.push({type:7,index:r}),d+=g.length-1}r++}}static createElement(C,H){let L=w.createElement("template");return L.innerHTML=C,L}};function T(V,C,H=V,L){if(C===B)return C;let M=L!==void 0?H._$Co?.[L]:H._$Cl,r=K(C)?void 0:C._$litDirective$;return M?.constructor!==r&&(M?._$AO?.(!1),r===void 0?M=void 0:(M=new r(V),M._$AT(V,H,L)),L!==void 0?(H._$Co??=[])[L]=M:H._$Cl=M),M!==void 0&&(C=T(V,M._$AS(V,C.values),M,L)),C}var f1=class{constructor(C,H){this._$AV=[],this._$AN=void 0,this._$AD=C,this._$AM=H}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(C){let{el:{content:H},parts:L}=this._$AD,M=(C?.creationScope??w).importNode(H,!0);b.currentNode=M;let r=b.nextNode(),e=0,t=0,i=L[0];for(;i!==void 0;){if(e===i.index){let A;i.type===2?A=new j(r,r.nextSibling,this,C):i.type===1?A=new i.ctor(r,i.name,i.strings,this,C):i.type===6&&(A=new w1(r,this,C)),this._$AV.push(A),i=L[++t]}e!==i?.index&&(r=b.nextNode(),e++)}return b.currentNode=w,M}p(C){let H=0;for(let L of this._$AV)L!==void 0&&(L.strings!==void 0?(L._$AI(C,L,H),H+=L.strings.length-2):L._$AI(C[H])),H++}},j=class V{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(C,H,L,M){this.type=2,this._$AH=o,this._$AN=void 0,this._$AA=C,this._$AB=H,this._$AM=L,this.options=M,this._$Cv=M?.isConnected??!0}get parentNode(){let C=this._$AA.parentNode,H=this._$AM;return H!==void 0&&C?.nodeType===11&&(C=H.parentNode),C}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(C,H=this){C=T(this,C,H),K(C)?C===o||C==null||C===""?(this._$AH!==o&&this._$AR(),this._$AH=o):C!==this._$AH&&C!==B&&this._(C):C._$litType$!==void 0?this.$(C):C.nodeType!==void 0?this.T(C):j5(C)?this.k(C):this._(C)}O(C){return this._$AA.parentNode.insertBefore(C,this._$AB)}T(C){this._$AH!==C&&(this._$AR(),this._$AH=this.O(C))}_(C){this._$AH!==o&&K(this._$AH)?this._$AA.nextSibling.data=C:this.T(w.createTextNode(C)),this._$AH=C}$(C){let{values:H,_$litType$:L}=C,M=typeof L=="number"?this._$AC(C):(L.el===void 0&&(L.el=q.createElement(v2(L.h,L.h[0]),this.options)),L);if(this._$AH?._$AD===M)this._$AH.p(H);else{let r=new f1(M,this),e=r.u(this.options);r.p(H),this.T(e),this._$AH=r}}_$AC(C){let H=n2.get(C.strings);return H===void 0&&n2.set(C.strings,H=new q(C)),H}k(C){P1(this._$AH)||(this._$AH=[],this._$AR());let H=this._$AH,L,M=0;for(let r of C)M===H.length?H.push(L=new V(this.O(z()),this.O(z()),this,this.options)):L=H[M],L._$AI(r),M++;M<H.length&&(this._$AR(L&&L._$AB.nextSibling,M),H.length=M)}_$AR(C=this._$AA.nextSibling,H){for(this._$AP?.(!1,!0,H);C!==this._$AB;){let L=t2(C).nextSibling;t2(C).remove(),C=L}}setConnected(C){this._$AM===void 0&&(this._$Cv=C,this._$AP?.(C))}},F=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(C,H,L,M,r){this.type=1,this._$AH=o,this._$AN=void 0,this.element=C,this.name=H,this._$AM=M,this.options=r,L.length>2||L[0]!==""||L[1]!==""?(this._$AH=Array(L.length-1).fill(new String),this.strings=L):this._$AH=o}_$AI(C,H=this,L,M){let r=this.strings,e=!1;if(r===void 0)C=T(this,C,H,0),e=!K(C)||C!==this._$AH&&C!==B,e&&(this._$AH=C);else{let t=C,i,A;for(C=r[0],i=0;i<r.length-1;i++)A=T(this,t[L+i],H,i),A===B&&(A=this._$AH[i]),e||=!K(A)||A!==this._$AH[i],A===o?C=o:C!==o&&(C+=(A??"")+r[i+1]),this._$AH[i]=A}e&&!M&&this.j(C)}j(C){C===o?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,C??"")}},y1=class extends F{constructor(){super(...arguments),this.type=3}j(C){this.element[this.name]=C===o?void 0:C}},k1=class extends F{constructor(){super(...arguments),this.type=4}j(C){this.element.toggleAttribute(this.name,!!C&&C!==o)}},b1=class extends F{constructor(C,H,L,M,r){super(C,H,L,M,r),this.type=5}_$AI(C,H=this){if((C=T(this,C,H,0)??o)===B)return;let L=this._$AH,M=C===o&&L!==o||C.capture!==L.capture||C.once!==L.once||C.passive!==L.passive,r=C!==o&&(L===o||M);M&&this.element.removeEventListener(this.name,this,L),r&&this.element.addEventListener(this.name,this,C),this._$AH=C}handleEvent(C){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,C):this._$AH.handleEvent(C)}},w1=class{constructor(C,H,L){this.element=C,this.type=6,this._$AN=void 0,this._$AM=H,this.options=L}get _$AU(){return this._$AM._$AU}_$AI(C){T(this,C)}};var Y5=B1.litHtmlPolyfillSupport;Y5?.(q,j),(B1.litHtmlVersions??=[]).push("3.3.3");var x2=(V,C,H)=>{let L=H?.renderBefore??C,M=L._$litPart$;if(M===void 0){let r=H?.renderBefore??null;L._$litPart$=M=new j(C.insertBefore(z(),r),r,void 0,H??{})}return M._$AI(V),M};var F1=globalThis,v=class extends c{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let C=super.createRenderRoot();return this.renderOptions.renderBefore??=C.firstChild,C}update(C){let H=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(C),this._$Do=x2(H,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return B}};v._$litElement$=!0,v.finalized=!0,F1.litElementHydrateSupport?.({LitElement:v});var J5=F1.litElementPolyfillSupport;J5?.({LitElement:v});(F1.litElementVersions??=[]).push("4.2.2");function _(V){let C=new WeakMap;return({connection:H})=>{let L=C.get(H);return L===void 0&&C.set(H,L=V()),L}}var D=class{#C=new Map;get keys(){return[...this.#C.keys()]}add(C,H){let L=this.#C.get(C)??new Set;return this.#C.set(C,L.add(H)),()=>{L.delete(H),L.size===0&&this.#C.get(C)===L&&this.#C.delete(C)}}notify(C){for(let H of C)for(let L of this.#C.get(H)??[])L()}};var R1=class{#C=new D;#H=new Map;#V=null;get(C){return this.#H.get(C)??null}watch(C,H){return this.#C.add(C,H)}refresh(C,H){this.#V===null&&(this.#V=new Set,queueMicrotask(()=>{this.#L(C)})),this.#V.add(H)}async#L(C){let H=[...this.#V??[]];this.#V=null;try{let{response:L}=await C.callService("amps","get_device",{},{device_id:H},!1,!0);for(let M of H){let r=L?.devices[M]?.reading;r?this.#H.set(M,r):this.#H.delete(M)}}catch{for(let L of H)this.#H.delete(L)}this.#C.notify(H)}},X=_(()=>new R1);var p1="amps",Z2={hvac:["thermostat","hold","temperature","active"],vehicle:["plugged_in","fully_charged","range","charge_limit","full_at","time_to_full"],ev_charger:["connected","charging_enabled","power_rate_limit"],solar_inverter:["producing"],battery:["mode","discharge_power","energy_charged","energy_discharged","current_mode","charge","discharge","energy_stored","discharge_floor","charge_ceiling","charge_target","discharge_target"]},s2=new WeakMap;function Y(V){let C=s2.get(V.entities);return C===void 0&&s2.set(V.entities,C=C3(Object.values(V.entities))),C}function C3(V){let C=new Map;for(let H of V){if(H?.platform!==p1||!H.device_id||!H.translation_key)continue;let L=C.get(H.device_id)??{};C.set(H.device_id,L),L[H.translation_key]=H.entity_id}return new Map([...C].map(([H,L])=>[H,{id:H,type:H3(L),entities:L}]))}function H3(V){return Object.keys(Z2).find(H=>Z2[H].some(L=>L in V))??null}function n(V,C,H){let L=C.entities[H];return L===void 0?void 0:V.states[L]}function p(V){return V!==void 0&&V.state!=="unavailable"&&V.state!=="unknown"}function Z(V){if(!p(V)||V.state.trim()==="")return null;let C=Number(V.state);return Number.isFinite(C)?C:null}function u2(V,C){let H=V.devices[C];return H?.name_by_user??H?.name??C}var m1=new Set,l1;function S2(V){return m1.add(V),l1??=setTimeout(c2,h2()),()=>{m1.delete(V),!(m1.size>0)&&(clearTimeout(l1),l1=void 0)}}function c2(){if(l1=setTimeout(c2,h2()),!document.hidden)for(let V of m1)V()}function h2(){return 6e4-Date.now()%6e4+50}async function v1(V,C,H,L,M,r=!1){let[e="",t=""]=H.split(".");try{let{response:i}=await V.callService(e,t,L,M,!1,r);return{ok:!0,response:i}}catch(i){return{ok:!1,failure:await V3(V,C,i)}}}async function V3(V,C,H){let{translation_domain:L,translation_key:M,translation_placeholders:r,message:e}=typeof H=="object"&&H!==null?H:{};if(L&&M){let i=(await V.loadBackendTranslation("exceptions",L))(`component.${L}.exceptions.${M}.message`,r);return{key:M,text:i||e||C("failed_unknown")}}return e==="Unauthorized"?{key:"",text:C("not_permitted")}:{key:"",text:e||C("failed_unknown")}}function D1(V,C,H){V.dispatchEvent(new CustomEvent(C,{detail:H,bubbles:!0,composed:!0}))}function O2(V,C){D1(V,"hass-more-info",{entityId:C})}var g2={device_card_name:"Amps device",device_card_description:"A battery, charger, thermostat, inverter or vehicle: what it does, and what it was told to do.",editor_device:"Device",editor_name:"Name",editor_controls:"Controls",editor_ribbon:"Course of the day",flow_power:"{flow} at {power}",flow_resting:"Resting",not_plugged_in:"No vehicle plugged in",plugged_in_not_charging:"Plugged in, not charging",unplugged:"Unplugged",full_at:"full {time}",told:"Command",until:"until {time}",waiting_for_device:"The device does not show it yet",in_progress:"Now",last:"Last command",read_at:"read {age}",read_just_now:"read just now",simulated:"Simulated",unreachable:"Not reachable",unreachable_text:"The manufacturer does not reach the device, or Amps not the manufacturer. What is known is old, and not shown as its state.",unavailable:"Unavailable",unavailable_text:"The last reading is too old to be shown.",not_loaded:"The account is not loaded",overridden:"Overridden",overridden_text:"The device does something other than its last command asked for. The manufacturer's app, or its own schedule, may have changed it.",controls:"Controls",close:"Close",send:"Send",sending:"Sending…",cancel_plan:"Cancel",cancel_plan_of:"Cancel {plan}",refresh:"Read now",target:"To",power:"Power",power_device:"Automatic",temperature:"Temperature",heat_to:"Heat to",cool_to:"Cool to",when:"When",when_now:"Now",when_at:"At",when_window:"Window",start:"Start",end:"End",afterwards:"Afterwards",lower:"Less: {name}",higher:"More: {name}",expected_level:"{level} by {time}",expected_at_end:"{level} at the end",expected_energy:"about {energy}",confirm_discharge:"Discharge {device}?",confirm_discharge_text:"Energy leaves the battery, and may go to the grid.",confirm_export:"Export from {device}?",confirm_export_text:"The battery feeds energy to the grid.",replace:"Replace what is planned?",replace_planned:"In the way: {plans}.",replace_text:"{reason} Replacing cancels it. It may also delete a schedule that was set in the manufacturer's app.",replace_confirm:"Replace",keep:"Keep",failed_unknown:"Home Assistant did not say why it failed.",not_permitted:"You may look at this device, but not control it.",no_device:"Choose a device in the editor of the card.",device_gone:"This device is not in Home Assistant any more, or all of its entities are disabled.",ribbon:"Course of the day.",ribbon_now:"now",ribbon_summary:"Level of the last 12 hours: from {first} to {last}.",ribbon_summary_expected:"Expected: {level} by {time}.",ribbon_no_history:"No history yet."};var f2={de:()=>import("./amps-cards.de.IQBTPYDQ.js"),es:()=>import("./amps-cards.es.TCFAXJUX.js"),fr:()=>import("./amps-cards.fr.WDQVLEH6.js"),nl:()=>import("./amps-cards.nl.KISUA2UI.js")},_1=new Map;function y2(V){let C=V.split("-",1)[0]??"";return C in f2?C:"en"}function L3(V){return _1.get(y2(V))??g2}async function x1(V){let C=y2(V),H=f2[C];if(!H||_1.has(C))return!1;try{return _1.set(C,(await H()).default),!0}catch{return!1}}function M3(V,C={}){return V.replace(/\{(\w+)\}/g,(H,L)=>String(C[L]??H))}function f(V){let C=L3(V);return(H,L)=>M3(C[H],L)}var k2="https://github.com/amps-ai/home-assistant";function E(V,C){customElements.get(V)||customElements.define(V,C)}function r3(V){let C=L=>({enumerable:!0,get:()=>f(document.documentElement.lang)(L)}),H=Object.entries(V).filter(([L])=>L==="name"||L==="description");return Object.defineProperties({...V},Object.fromEntries(H.map(([L,M])=>[L,C(M)])))}function b2(V){e3(window.customCards??=[],r3(V))}function e3(V,C){V.some(H=>H.type===C.type)||V.push(C)}var w2=new Map;function C1(V,C,H,L){let M=`${V} ${C??""} ${JSON.stringify(H)}`,r=w2.get(M);return r===void 0&&w2.set(M,r=L()),r}var t3={comma_decimal:"en-US",decimal_comma:"de",space_comma:"fr",quote_decimal:"de-CH"};function E1(V,C,H={}){let{number_format:L,language:M}=V.locale,r=L==="system"?void 0:t3[L]??M,t={maximumFractionDigits:1,...L==="none"?{useGrouping:!1}:{},...H};return C1("number",L==="none"?"en":r,t,()=>new Intl.NumberFormat(L==="none"?"en":r,t)).format(C)}var i3=/^(cs|de|fi|fr|sk|sv|bg|hr|nb|nn|ru|sl|uk|pl|es|eu|gl|ca)\b/;function h(V,C,H,L){let M=H!=="%"||i3.test(V.locale.language);return`${E1(V,C,L)}${M?" ":""}${H}`}function P2(V,C,H){let L=V.formatEntityStateToParts?.(C,H)??[{type:"value",value:V.formatEntityState(C,H)}],M=r=>L.filter(e=>e.type==="unit"===r).map(e=>e.value).join("").trim();return{value:M(!1),unit:M(!0)}}function T2(V){return V.locale.time_zone==="server"?V.config.time_zone:void 0}function o3({time_format:V,language:C}){return V==="12"||V==="24"?V==="12":C1("hour",V==="language"?C:void 0,{},()=>new Intl.DateTimeFormat(V==="language"?C:void 0,{hour:"numeric"})).resolvedOptions().hour12===!0}function F2(V,C){let H=T2(V),L={...C,...H===void 0?{}:{timeZone:H}};return C1("date",V.locale.language,L,()=>new Intl.DateTimeFormat(V.locale.language,L))}function Z1(V,C){let H=o3(V.locale);return F2(V,{hour:H?"numeric":"2-digit",minute:"2-digit",hourCycle:H?"h12":"h23"}).format(C)}function B2(V,C){let H=T2(V),L={year:"numeric",month:"2-digit",day:"2-digit",...H===void 0?{}:{timeZone:H}},M=C1("day","en-CA",L,()=>new Intl.DateTimeFormat("en-CA",L)).format(C);return Math.round(Date.parse(`${M}T00:00:00Z`)/864e5)}function s(V,C,H){let L=Z1(V,C),M=B2(V,C)-B2(V,H);return M===0?L:`${Math.abs(M)===1?J(V,M,"day"):a3(V,C,Math.abs(M)<7)} ${L}`}function a3(V,C,H){return F2(V,H?{weekday:"short"}:{day:"numeric",month:"short"}).format(C)}function R2(V,C,H,L){return`${s(V,C,L)} – ${Z1(V,H)}`}function J(V,C,H){let{language:L}=V.locale;return C1("relative",L,{},()=>new Intl.RelativeTimeFormat(L,{numeric:"auto"})).format(C,H)}function N1(V,C,H){let L=Math.floor(Math.max(H.getTime()-C.getTime(),0)/6e4);return L<1?J(V,0,"second"):L<60?J(V,-L,"minute"):L<2880?J(V,-Math.floor(L/60),"hour"):J(V,-Math.floor(L/1440),"day")}var A3=["common","services","selector","exceptions"],d3=_(()=>new Set);function D2(V){let C=d3(V),{language:H}=V.locale;if(!C.has(H)){C.add(H);for(let L of A3)V.loadBackendTranslation(L,"amps").catch(()=>C.delete(H))}}var N="component.amps";function $(V){return V.replaceAll("_"," ").toLowerCase()}function H1(V){return V.charAt(0).toUpperCase()+V.slice(1)}function y(V,C,H){return V.localize(`${N}.common.${C}`,H)}var n3={percent:"%",kw:"kW",watts:"W",kwh:"kWh",amps:"A",celsius:"°C"};function V1(V,{command:C,parameters:H}){return s1(V,"command",C,E2(V,H))}function _2(V,{command:C,parameters:H}){return H1(s1(V,"plan",C,E2(V,H)))}function E2(V,C){return Object.entries(C??{}).map(([H,{value:L,unit:M}])=>[H,$1(V,L,M)])}function s1(V,C,H,L){let M=H??"unknown",r=[y(V,`${C}_${M}`)||H1($(M))];for(let[e,t]of L){let i={name:$(e),value:t};r.push(y(V,`parameter_${M}_${e}`,i)||y(V,`parameter_${e}`,i)||`${i.name} ${t}`)}return r.join(" ")}function $1(V,C,H){return H==="celsius"&&V.config.unit_system.temperature==="°F"?h(V,C*1.8+32,"°F",{maximumFractionDigits:0}):h(V,C,n3[H]??H,{maximumFractionDigits:H==="kw"?2:1})}function N2(V,C){return y(V,`state_${C}`)||V.localize(`${N}.entity.sensor.last_action.state.${C}`)||$(C)}function W1(V,C){return H1(y(V,`reason_${C.toLowerCase()}`)||$(C))}function L1(V,C,H){return H==="hvac"&&C==="idle"?V.localize("component.climate.entity_component._.state.off"):V.localize(`${N}.entity.select.mode.state.${C}`)||V.localize(`${N}.selector.mode.options.${C}`)||V.localize(`${N}.selector.hvac_mode.options.${C}`)||H1($(C))}function $2(V,C){return V.localize(`${N}.selector.then.options.${C}`)||H1($(C))}var u1=class extends v{#C;#H="";get hass(){return this.#C}set hass(C){let H=this.#C;this.#C=C,C&&(C.locale.language!==this.#H&&this.#V(C),(!H||this.isAffected(H,C))&&(this.hassChanged?.(H,C),this.requestUpdate()))}get text(){return f(this.#H)}isAffected(C,H){return C.localize!==H.localize||C.locale!==H.locale||C.connected!==H.connected||C.config!==H.config||C.devices!==H.devices||C.entities!==H.entities?!0:C.states===H.states?!1:this.shownDevices(H).some(L=>Object.values(L.entities).some(M=>C.states[M]!==H.states[M]))}#V(C){this.#H=C.locale.language,D2(C),x1(this.#H).then(H=>{H&&this.requestUpdate()})}};var W2="M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z";var I2="M12,2L1,21H23M12,6L19.53,19H4.47M11,10V14H13V10M11,16V18H13V16";var U2="M13.54 22H7.33C6.6 22 6 21.4 6 20.67V5.33C6 4.6 6.6 4 7.33 4H9V2H15V4H16.67C17.4 4 18 4.6 18 5.33V12C17.3 12 16.63 12.13 16 12.35V6H8V20H12.35C12.61 20.75 13 21.42 13.54 22M14.94 18.5L17.94 21.5L20.94 18.5H18.94V14.5H16.94V18.5H14.94";var G2="M13.54 22H7.33C6.6 22 6 21.4 6 20.67V5.33C6 4.6 6.6 4 7.33 4H9V2H15V4H16.67C17.4 4 18 4.6 18 5.33V12C17.3 12 16.63 12.13 16 12.35V6H8V20H12.35C12.61 20.75 13 21.42 13.54 22M20.94 17.5L17.94 14.5L14.94 17.5H16.94V21.5H18.94V17.5H20.94";var Q2="M15,13H16.5V15.82L18.94,17.23L18.19,18.53L15,16.69V13M19,8H5V19H9.67C9.24,18.09 9,17.07 9,16A7,7 0 0,1 16,9C17.07,9 18.09,9.24 19,9.67V8M5,21C3.89,21 3,20.1 3,19V5C3,3.89 3.89,3 5,3H6V1H8V3H16V1H18V3H19A2,2 0 0,1 21,5V11.1C22.24,12.36 23,14.09 23,16A7,7 0 0,1 16,23C14.09,23 12.36,22.24 11.1,21H5M16,11.15A4.85,4.85 0 0,0 11.15,16C11.15,18.68 13.32,20.85 16,20.85A4.85,4.85 0 0,0 20.85,16C20.85,13.32 18.68,11.15 16,11.15Z";var z2="M12 2C17.5 2 22 6.5 22 12S17.5 22 12 22 2 17.5 2 12 6.5 2 12 2M12 4C10.1 4 8.4 4.6 7.1 5.7L18.3 16.9C19.3 15.5 20 13.8 20 12C20 7.6 16.4 4 12 4M16.9 18.3L5.7 7.1C4.6 8.4 4 10.1 4 12C4 16.4 7.6 20 12 20C13.9 20 15.6 19.4 16.9 18.3Z";var K2="M18.92 2C18.72 1.42 18.16 1 17.5 1H6.5C5.84 1 5.29 1.42 5.08 2L3 8V16C3 16.55 3.45 17 4 17H5C5.55 17 6 16.55 6 16V15H18V16C18 16.55 18.45 17 19 17H20C20.55 17 21 16.55 21 16V8L18.92 2M6.5 12C5.67 12 5 11.33 5 10.5S5.67 9 6.5 9 8 9.67 8 10.5 7.33 12 6.5 12M17.5 12C16.67 12 16 11.33 16 10.5S16.67 9 17.5 9 19 9.67 19 10.5 18.33 12 17.5 12M5 7L6.5 2.5H17.5L19 7H5M7 20H11V18L17 21H13V23L7 20Z";var q2="M21,7L9,19L3.5,13.5L4.91,12.09L9,16.17L19.59,5.59L21,7Z";var j2="M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z";var X2="M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z";var Y2="M19.77,7.23L19.78,7.22L16.06,3.5L15,4.56L17.11,6.67C16.17,7.03 15.5,7.93 15.5,9A2.5,2.5 0 0,0 18,11.5C18.36,11.5 18.69,11.42 19,11.29V18.5A1,1 0 0,1 18,19.5A1,1 0 0,1 17,18.5V14A2,2 0 0,0 15,12H14V5A2,2 0 0,0 12,3H6A2,2 0 0,0 4,5V21H14V13.5H15.5V18.5A2.5,2.5 0 0,0 18,21A2.5,2.5 0 0,0 20.5,18.5V9C20.5,8.31 20.22,7.68 19.77,7.23M18,10A1,1 0 0,1 17,9A1,1 0 0,1 18,8A1,1 0 0,1 19,9A1,1 0 0,1 18,10M8,18V13.5H6L10,6V11H12L8,18Z";var J2="M17.66 11.2C17.43 10.9 17.15 10.64 16.89 10.38C16.22 9.78 15.46 9.35 14.82 8.72C13.33 7.26 13 4.85 13.95 3C13 3.23 12.17 3.75 11.46 4.32C8.87 6.4 7.85 10.07 9.07 13.22C9.11 13.32 9.15 13.42 9.15 13.55C9.15 13.77 9 13.97 8.8 14.05C8.57 14.15 8.33 14.09 8.14 13.93C8.08 13.88 8.04 13.83 8 13.76C6.87 12.33 6.69 10.28 7.45 8.64C5.78 10 4.87 12.3 5 14.47C5.06 14.97 5.12 15.47 5.29 15.97C5.43 16.57 5.7 17.17 6 17.7C7.08 19.43 8.95 20.67 10.96 20.92C13.1 21.19 15.39 20.8 17.03 19.32C18.86 17.66 19.5 15 18.56 12.72L18.43 12.46C18.22 12 17.66 11.2 17.66 11.2M14.5 17.5C14.22 17.74 13.76 18 13.4 18.1C12.28 18.5 11.16 17.94 10.5 17.28C11.69 17 12.4 16.12 12.61 15.23C12.78 14.43 12.46 13.77 12.33 13C12.21 12.26 12.23 11.63 12.5 10.94C12.69 11.32 12.89 11.7 13.13 12C13.9 13 15.11 13.44 15.37 14.8C15.41 14.94 15.43 15.08 15.43 15.23C15.46 16.05 15.1 16.95 14.5 17.5H14.5Z";var C5="M7,2V13H10V22L17,10H13L17,2H7Z";var H5="M21 7C21 5.62 19.88 4.5 18.5 4.5C18.33 4.5 18.16 4.5 18 4.55V4C18 2.62 16.88 1.5 15.5 1.5C15.27 1.5 15.04 1.53 14.83 1.59C14.46 .66 13.56 0 12.5 0C11.27 0 10.25 .89 10.04 2.06C9.87 2 9.69 2 9.5 2C8.12 2 7 3.12 7 4.5V10.39C6.66 10.08 6.24 9.85 5.78 9.73L5 9.5C4.18 9.29 3.31 9.61 2.82 10.35C2.44 10.92 2.42 11.66 2.67 12.3L5.23 18.73C6.5 21.91 9.57 24 13 24C17.42 24 21 20.42 21 16V7M19 16C19 19.31 16.31 22 13 22C10.39 22 8.05 20.41 7.09 18L4.5 11.45L5 11.59C5.5 11.71 5.85 12.05 6 12.5L7 15H9V4.5C9 4.22 9.22 4 9.5 4S10 4.22 10 4.5V12H12V2.5C12 2.22 12.22 2 12.5 2S13 2.22 13 2.5V12H15V4C15 3.72 15.22 3.5 15.5 3.5S16 3.72 16 4V12H18V7C18 6.72 18.22 6.5 18.5 6.5S19 6.72 19 7V16Z";var V5="M12 20L5 20V12H2L12 3L14.78 5.5H14V7.17C12.84 7.58 12 8.7 12 10V20M15 9H16V7.5H20V9H21C21.55 9 22 9.45 22 10V21C22 21.55 21.55 22 21 22H15C14.45 22 14 21.55 14 21V10C14 9.45 14.45 9 15 9M16 11V14H20V11H16Z";var L5="M12 3L2 12H5V20H19V12H22L12 3M11.5 18V14H9L12.5 7V11H15L11.5 18Z";var M5="M2,5.27L3.28,4L20,20.72L18.73,22L13.9,17.17L11.29,19.78C9.34,21.73 6.17,21.73 4.22,19.78C2.27,17.83 2.27,14.66 4.22,12.71L5.71,11.22C5.7,12.04 5.83,12.86 6.11,13.65L5.64,14.12C4.46,15.29 4.46,17.19 5.64,18.36C6.81,19.54 8.71,19.54 9.88,18.36L12.5,15.76L10.88,14.15C10.87,14.39 10.77,14.64 10.59,14.83C10.2,15.22 9.56,15.22 9.17,14.83C8.12,13.77 7.63,12.37 7.72,11L2,5.27M12.71,4.22C14.66,2.27 17.83,2.27 19.78,4.22C21.73,6.17 21.73,9.34 19.78,11.29L18.29,12.78C18.3,11.96 18.17,11.14 17.89,10.36L18.36,9.88C19.54,8.71 19.54,6.81 18.36,5.64C17.19,4.46 15.29,4.46 14.12,5.64L10.79,8.97L9.38,7.55L12.71,4.22M13.41,9.17C13.8,8.78 14.44,8.78 14.83,9.17C16.2,10.54 16.61,12.5 16.06,14.23L14.28,12.46C14.23,11.78 13.94,11.11 13.41,10.59C13,10.2 13,9.56 13.41,9.17Z";var r5="M19,13H5V11H19V13Z";var e5="M14,19H18V5H14M6,19H10V5H6V19Z";var t5="M19,13H13V19H11V13H5V11H11V5H13V11H19V13Z";var i5="M17.65,6.35C16.2,4.9 14.21,4 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20C15.73,20 18.84,17.45 19.73,14H17.65C16.83,16.33 14.61,18 12,18A6,6 0 0,1 6,12A6,6 0 0,1 12,6C13.66,6 15.14,6.69 16.22,7.78L13,11H20V4L17.65,6.35Z";var o5="M4 6.03L11.5 9.25L4 8.25L4 6.03M11.5 14.75L4 17.97V15.75L11.5 14.75M2 3L2 10L17 12L2 14L2 21L23 12L2 3Z";var a5="M21,11C21,16.55 17.16,21.74 12,23C6.84,21.74 3,16.55 3,11V5L12,1L21,5V11M12,21C15.75,20 19,15.54 19,11.22V6.3L12,3.18L5,6.3V11.22C5,15.54 8.25,20 12,21M11,14H13V17H16V12H18L12,7L6,12H8V17H11V14";var A5="M20.79,13.95L18.46,14.57L16.46,13.44V10.56L18.46,9.43L20.79,10.05L21.31,8.12L19.54,7.65L20,5.88L18.07,5.36L17.45,7.69L15.45,8.82L13,7.38V5.12L14.71,3.41L13.29,2L12,3.29L10.71,2L9.29,3.41L11,5.12V7.38L8.5,8.82L6.5,7.69L5.92,5.36L4,5.88L4.47,7.65L2.7,8.12L3.22,10.05L5.55,9.43L7.55,10.56V13.45L5.55,14.58L3.22,13.96L2.7,15.89L4.47,16.36L4,18.12L5.93,18.64L6.55,16.31L8.55,15.18L11,16.62V18.88L9.29,20.59L10.71,22L12,20.71L13.29,22L14.7,20.59L13,18.88V16.62L15.5,15.17L17.5,16.3L18.12,18.63L20,18.12L19.53,16.35L21.3,15.88L20.79,13.95M9.5,10.56L12,9.11L14.5,10.56V13.44L12,14.89L9.5,13.44V10.56Z";var d5="M3.33 16H11V13H4L3.33 16M13 16H20.67L20 13H13V16M21.11 18H13V22H22L21.11 18M2 22H11V18H2.89L2 22M11 8H13V11H11V8M15.76 7.21L17.18 5.79L19.3 7.91L17.89 9.33L15.76 7.21M4.71 7.91L6.83 5.79L8.24 7.21L6.12 9.33L4.71 7.91M3 2H6V4H3V2M18 2H21V4H18V2M12 7C14.76 7 17 4.76 17 2H7C7 4.76 9.24 7 12 7Z";var n5="M16.95,16.95L14.83,14.83C15.55,14.1 16,13.1 16,12C16,11.26 15.79,10.57 15.43,10L17.6,7.81C18.5,9 19,10.43 19,12C19,13.93 18.22,15.68 16.95,16.95M12,5C13.57,5 15,5.5 16.19,6.4L14,8.56C13.43,8.21 12.74,8 12,8A4,4 0 0,0 8,12C8,13.1 8.45,14.1 9.17,14.83L7.05,16.95C5.78,15.68 5,13.93 5,12A7,7 0 0,1 12,5M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12C22,6.47 17.5,2 12,2Z";var p5="M6,2H18V8H18V8L14,12L18,16V16H18V22H6V16H6V16L10,12L6,8V8H6V2M16,16.5L12,12.5L8,16.5V20H16V16.5M12,11.5L16,7.5V4H8V7.5L12,11.5M10,6H14V6.75L12,8.75L10,6.75V6Z";var m5="M5.18 5.45L3.4 4.55L4.66 2H13.13L14.4 4.55L12.62 5.44L11.9 4H5.9L5.18 5.45M15.5 8H11L10.2 5H7.6L6.81 8H2.28L1 10.55L2.79 11.44L3.5 10H14.28L15 11.45L16.79 10.56L15.5 8M14.67 22H12.6L12.36 21.1L8.9 15.9L5.43 21.1L5.2 22H3.13L6 11H8.09L7.73 12.35L8.9 14.1L10.06 12.35L9.71 11H11.78L14.67 22M8.3 15L7.4 13.65L6.22 18.13L8.3 15M11.58 18.12L10.4 13.64L9.5 15L11.58 18.12M23 16L19 12V15H15V17H19V20L23 16Z";var p3={alert:W2,charge:G2,calendar:Q2,cancelled:z2,check:q2,clock:j2,close:X2,discharge:U2,export:m5,fire:J2,flash:C5,home:L5,minus:r5,overridden:H5,pause:e5,plus:t5,refresh:i5,reserve:a5,sent:o5,snowflake:A5,unreachable:M5,waiting:p5,warning:I2,ev_charger:Y2,home_battery:V5,hvac:n5,solar_inverter:d5,vehicle:K2};function x(V){return R`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${p3[V]}></path></svg>`}var W=S`
:host {
--amps-text: var(--primary-text-color, #141414);
--amps-quiet: var(--secondary-text-color, #5e5e5e);
--amps-line: var(--divider-color, rgba(0, 0, 0, 0.12));
--amps-inset: var(--secondary-background-color, #e5e5e5);
--amps-card: var(--ha-card-background, var(--card-background-color, #fff));
--amps-in: var(--energy-battery-in-color, #f06292);
--amps-out: var(--energy-battery-out-color, #4db6ac);
--amps-solar: var(--energy-solar-color, #ff9800);
--amps-danger: var(--ha-color-on-danger-normal, #b30532);
--amps-danger-fill: var(--ha-color-fill-danger-quiet-resting, rgba(219, 68, 55, 0.12));
--amps-warning: var(--ha-color-on-warning-normal, #9d3800);
--amps-warning-fill: var(--ha-color-fill-warning-quiet-resting, rgba(255, 166, 0, 0.14));
--amps-good: var(--ha-color-on-success-normal, #036730);
--amps-gap: var(--ha-space-3, 12px);
--amps-radius: var(--ha-border-radius-lg, 12px);
color: var(--amps-text);
font-family: var(--ha-font-family-body, Roboto, sans-serif);
font-size: var(--ha-font-size-m, 14px);
line-height: 1.4;
}
* {
box-sizing: border-box;
}
svg.icon {
width: 20px;
height: 20px;
flex: none;
fill: currentColor;
}
button,
input,
select {
font: inherit;
color: inherit;
letter-spacing: inherit;
}
button {
cursor: pointer;
border: 0;
background: none;
padding: 0;
text-align: inherit;
}
/* What cannot be pressed now keeps the focus that it has: buttons are never disabled. */
button[aria-disabled="true"] {
cursor: default;
}
:focus {
outline: none;
}
:focus-visible {
outline: 2px solid var(--amps-text);
outline-offset: 2px;
}
.quiet {
color: var(--amps-quiet);
}
.small {
font-size: var(--ha-font-size-s, 12px);
}
.visually-hidden {
position: absolute;
width: 1px;
height: 1px;
overflow: hidden;
clip-path: inset(50%);
white-space: nowrap;
}
/* Buttons and fields: 40 px high, so that a finger hits them. */
.button {
display: inline-flex;
align-items: center;
justify-content: center;
gap: 6px;
min-height: 40px;
padding-inline: 14px;
border-radius: var(--ha-border-radius-pill, 9999px);
background: var(--amps-inset);
font-weight: 500;
text-align: center;
}
.button:hover:not([aria-disabled="true"]) {
background: color-mix(in srgb, var(--amps-text) 14%, var(--amps-card));
}
.button[aria-disabled="true"] {
color: var(--amps-quiet);
}
.button.main {
background: var(--amps-text);
color: var(--amps-card);
}
.button.main:hover:not([aria-disabled="true"]) {
background: color-mix(in srgb, var(--amps-text) 85%, var(--amps-card));
}
.button.main[aria-disabled="true"] {
background: var(--amps-inset);
color: var(--amps-quiet);
}
.button.plain {
background: none;
padding-inline: 10px;
}
.button.plain:hover:not([aria-disabled="true"]) {
background: var(--amps-inset);
}
.button.round {
padding: 0;
width: 40px;
}
.field {
min-height: 40px;
width: 100%;
padding-inline: 10px;
border: 1px solid color-mix(in srgb, var(--amps-text) 55%, var(--amps-card));
border-radius: var(--ha-border-radius-md, 8px);
background: var(--amps-card);
}
@media (prefers-reduced-motion: no-preference) {
.button {
transition: background-color var(--ha-animation-duration-fast, 150ms);
}
}
`;var l5={charge:"charge",discharge:"discharge",heat:"fire",cool:"snowflake",auto:"hvac",idle:"pause",auto_balanced:"home",auto_reserve:"reserve",auto_export:"export",follow_schedule:"calendar"},m3=["auto_balanced","auto_reserve","auto_export","follow_schedule"],x5=["charge","discharge","heat","cool","auto"],l3=[["immediate","now"],["scheduled","at"],["windowed","window"]];function Z5(V,C,H){let L=m3.filter(M=>H.commands[M]);return Object.keys(l5).flatMap(M=>{let r=H.commands[M],e=r?l3.filter(([t])=>r.execution.includes(t)).map(([,t])=>t):[];return!r||e.length===0?[]:[{command:M,icon:l5[M]??"flash",fields:x3(V,C,M,r),whens:e,thens:e.includes("window")&&x5.includes(M)?["previous","hold",...L]:[]}]})}var v5={percent:{unit:"%",min:0,max:100,step:1,bigStep:5},kw:{unit:"kW",min:0,max:50,step:.1,bigStep:.5},celsius:{unit:"°C",min:10,max:35,step:.5,bigStep:.5}},v3={unit:"°F",step:1,bigStep:1};function x3(V,C,H,L){return["target","heat_setpoint","cool_setpoint","power"].flatMap(r=>{let e=L.parameters[r],t=e&&Z3(V,C,H,r,e);return t?[t]:[]})}function Z3(V,C,H,L,M){let r=v5[M.unit??""]??(L==="power"&&M.unit==="watts"?v5.kw:void 0);if(!r)return null;let e=M.unit==="watts"?.001:1,t={...r,min:(M.min??r.min/e)*e,max:(M.max??r.max/e)*e};r.unit==="°C"&&V.config.unit_system.temperature==="°F"&&(t={...v3,min:Math.ceil(I1(t.min)),max:Math.floor(I1(t.max))});let i=L==="power",A=S3(V,C,H,L);return{name:L,key:s3(H,L),...t,value:A===null?i?null:u3(H,L,t):I(A,t.min,t.max),isOptional:i}}function s3(V,C){return C!=="target"?C:V==="charge"||V==="discharge"?"target_level":"temperature"}function I1(V){return V*1.8+32}function I(V,C,H){return Math.min(Math.max(V,C),H)}function u3(V,C,{min:H,max:L,unit:M}){if(M==="%")return V==="discharge"?H:L;let r=V==="cool"||C==="cool_setpoint"?25:20;return I(M==="°F"?I1(r):r,H,L)}function S3(V,C,H,L){if(H==="charge"||H==="discharge"){let i=L==="power"?`${H}_power_limit`:`${H}_target`;return Z(n(V,C,i))}let M=n(V,C,"thermostat")?.attributes,r=M?.target_temp_low,e=M?.target_temp_high,t=L==="heat_setpoint"?r:L==="cool_setpoint"?e:M?.temperature??(H==="heat"?r:e);return typeof t=="number"?t:null}function U1(V){let{command:C,when:H}=V,L={...H!=="now"&&V.start?{start:V.start}:{},...H==="window"&&V.end?{end:V.end}:{}},M=H==="window"&&x5.includes(C)?{then:V.then}:{},r={...V.values,...L,...M};return C==="charge"||C==="discharge"||C==="idle"?{action:`amps.${C}`,data:r}:C==="heat"||C==="cool"||C==="auto"?{action:"amps.set_temperature",data:{mode:C,...r}}:{action:"amps.set_mode",data:{mode:C,...r}}}async function s5(V,C){let H=await window.loadCardHelpers?.();return H?.showConfirmationDialog?await H.showConfirmationDialog(V,C)===!0:window.confirm(`${C.title}

${C.text}`)}function G1(V,C,H){return V.locale.time_zone==="server"||c3()===V.config.time_zone?C:h3(C,H).toISOString()}function c3(){return new Intl.DateTimeFormat().resolvedOptions().timeZone}function h3(V,C){let[H=0,L=0]=V.split(":").map(Number),M=new Date(C);return M.setHours(H,L,0,0),M<=C&&M.setDate(M.getDate()+1),M}function Q1(V,C,H){return`${new Intl.DateTimeFormat("en-GB",{hour:"2-digit",hourCycle:"h23",...V.locale.time_zone==="server"?{timeZone:V.config.time_zone}:{}}).format(new Date(C.getTime()+(H+1)*36e5))}:00`}var O3=["action_in_the_way","other_in_the_way"],g3={discharge:["confirm_discharge","confirm_discharge_text"],auto_export:["confirm_export","confirm_export_text"]},f3=400,z1=class extends v{static styles=[W,S`
:host {
display: block;
}
form {
display: grid;
grid-template-columns: repeat(auto-fit, minmax(max(130px, 50% - var(--amps-gap)), 1fr));
gap: var(--amps-gap);
padding: var(--amps-gap);
border: 1px solid var(--amps-line);
border-radius: var(--ha-border-radius-md, 8px);
}
form > .wide {
grid-column: 1 / -1;
}
label,
legend {
display: block;
margin-block-end: 4px;
padding: 0;
color: var(--amps-quiet);
font-size: var(--ha-font-size-s, 12px);
}
fieldset {
min-width: 0;
margin: 0;
padding: 0;
border: 0;
}
.number {
display: grid;
grid-template-columns: 36px 1fr 36px;
align-items: center;
border: 1px solid color-mix(in srgb, var(--amps-text) 55%, var(--amps-card));
border-radius: var(--ha-border-radius-md, 8px);
}
.number .button {
border-radius: inherit;
}
.number .value {
display: flex;
justify-content: center;
align-items: baseline;
gap: 2px;
min-width: 0;
}
.number input {
width: 3.6em;
min-height: 38px;
border: 0;
background: none;
text-align: end;
font-size: var(--ha-font-size-l, 16px);
appearance: textfield;
border-radius: 4px;
}
.number input:placeholder-shown {
width: 100%;
text-align: center;
font-size: var(--ha-font-size-s, 12px);
}
.number input:placeholder-shown + span {
display: none;
}
::placeholder {
color: var(--amps-quiet);
opacity: 1;
}
input::-webkit-inner-spin-button {
appearance: none;
}
.options {
display: grid;
grid-auto-flow: column;
grid-auto-columns: 1fr;
gap: 2px;
padding: 2px;
border-radius: var(--ha-border-radius-pill, 9999px);
background: var(--amps-inset);
}
.options label {
display: grid;
place-items: center;
min-height: 36px;
margin: 0;
padding-inline: 8px;
border-radius: inherit;
color: var(--amps-text);
font-size: inherit;
cursor: pointer;
}
.options label:has(:checked) {
background: var(--amps-card);
font-weight: 500;
box-shadow: inset 0 0 0 1px var(--amps-text);
}
.options label:has(:focus-visible) {
outline: 2px solid var(--amps-text);
outline-offset: 2px;
}
.options input {
position: absolute;
opacity: 0;
pointer-events: none;
}
.end {
display: flex;
flex-wrap: wrap;
align-items: center;
justify-content: flex-end;
gap: 8px;
}
.expected {
flex: 1 1 10em;
margin: 0;
}
.error {
margin: 0;
color: var(--amps-danger);
}
`];static properties={hass:{attribute:!1,hasChanged:()=>!1},device:{attribute:!1,hasChanged:()=>!1},command:{attribute:!1,hasChanged:(C,H)=>C.command!==H?.command},canReplace:{attribute:!1},planned:{attribute:!1,hasChanged:()=>!1},text:{attribute:!1},name:{},_values:{state:!0},_when:{state:!0},_start:{state:!0},_end:{state:!0},_then:{state:!0},_expected:{state:!0},_failure:{state:!0},_busy:{state:!0}};#C;constructor(){super(),this._failure=null,this._busy=!1,this._expected=""}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.#C)}willUpdate(C){if(C.has("command")){let{fields:H,whens:L,thens:M}=this.command,r=new Date;this._values=Object.fromEntries(H.map(({key:e,value:t})=>[e,t])),this._when=L[0]??"now",this._start=Q1(this.hass,r,0),this._end=Q1(this.hass,r,2),this._then=M[0]??"hold",this._failure=null}["command","_values","_when","_start","_end","_then"].some(H=>C.has(H))&&this.#a()}firstUpdated(){this.renderRoot.querySelector("input, button")?.focus()}render(){let{fields:C,whens:H,thens:L}=this.command,M=this.text;return a`
<form
aria-label=${L1(this.hass,this.command.command,this.device.type)}
@submit=${this.#o}
@keydown=${this.#v}
>
${C.map(r=>this.#H(r))}
<fieldset class="wide">
<legend>${M("when")}</legend>
<div class="options">${H.map(r=>this.#V(r))}</div>
</fieldset>
${this._when==="now"?o:this.#L("start",this._start,r=>{this._start=r})}
${this._when==="window"?this.#L("end",this._end,r=>{this._end=r}):o}
${this._when==="window"&&L.length?a`<div class="wide">
<label for="then">${M("afterwards")}</label>
<select
id="then"
class="field"
@change=${r=>{this._then=r.target.value}}
>
${L.map(r=>a`<option value=${r} ?selected=${r===this._then}>${$2(this.hass,r)}</option>`)}
</select>
</div>`:o}
${this._failure?a`<p class="error wide" role="alert">${this._failure.text}</p>`:o}
<div class="end wide">
<p class="expected quiet small" aria-live="polite">${this._expected}</p>
<button type="button" class="button plain" @click=${this.#m}>${M("close")}</button>
<button class="button main" aria-disabled=${this._busy?"true":"false"}>
${x(this._busy?"waiting":"sent")}${M(this._busy?"sending":"send")}
</button>
</div>
</form>
`}#H(C){let{key:H,min:L,max:M,step:r,unit:e,isOptional:t}=C,i=this._values[H]??null,A=this.text(y3(C)),m=r<1?1:0;return a`<div>
<label for=${H}
>${A}
<span class="quiet">(${E1(this.hass,L)}–${h(this.hass,M,e)})</span></label
>
<div class="number">
<button
type="button"
class="button plain round"
aria-label=${this.text("lower",{name:A})}
aria-disabled=${i!==null&&i<=L&&!t?"true":"false"}
@click=${()=>{this.#r(C,-1)}}
>
${x("minus")}
</button>
<div class="value">
<input
id=${H}
type="number"
inputmode="decimal"
min=${L}
max=${M}
step=${r}
?required=${!t}
placeholder=${t?this.text("power_device"):" "}
.value=${i===null?"":i.toFixed(m)}
@change=${d=>{this.#M(C,d.target)}}
/>
<span class="quiet">${e}</span>
</div>
<button
type="button"
class="button plain round"
aria-label=${this.text("higher",{name:A})}
aria-disabled=${i!==null&&i>=M?"true":"false"}
@click=${()=>{this.#r(C,1)}}
>
${x("plus")}
</button>
</div>
</div>`}#V(C){return a`<label
><input
type="radio"
name="when"
value=${C}
.checked=${C===this._when}
@change=${()=>{this._when=C}}
/>${this.text(`when_${C}`)}</label
>`}#L(C,H,L){return a`<div>
<label for=${C}>${this.text(C)}</label>
<input
id=${C}
class="field"
type="time"
required
.value=${H}
@change=${M=>{L(M.target.value)}}
/>
</div>`}#r({key:C,min:H,max:L,bigStep:M,isOptional:r},e){let t=this._values[C]??null;if(t===null){this.#e(C,e===1?I(M,H,L):L);return}let i=Math.round((t+e*M)/M)*M;this.#e(C,r&&i<=H?null:I(i,H,L))}#M({key:C,min:H,max:L,isOptional:M},r){let e=r.valueAsNumber;if(Number.isNaN(e)){M&&this.#e(C,null);return}let t=I(e,H,L);r.value=String(t),this.#e(C,t)}#e(C,H){this._values={...this._values,[C]:H}}#i(){let C=new Date,H=Object.fromEntries(Object.entries(this._values).flatMap(([r,e])=>e===null?[]:[[r,e]])),L=this._when==="now"?null:G1(this.hass,this._start,C),M=L?.includes("T")?new Date(L):C;return{command:this.command.command,values:H,when:this._when,start:L,end:this._when==="window"?G1(this.hass,this._end,M):null,then:this._then}}#a(){clearTimeout(this.#C),this.#C=setTimeout(()=>{this.#A()},f3)}async#A(){let{action:C,data:H}=U1(this.#i()),L=await this.#t(C,{...H,dry_run:!0}),M=L.ok?L.response?.devices[this.device.id]:void 0;this._expected=M?M.objections[0]?.message??this.#d(M.expected):""}#d(C){if(typeof C?.level!="number")return"";let H=h(this.hass,C.level,"%",{maximumFractionDigits:0}),L=[C.reached_at?this.text("expected_level",{level:H,time:s(this.hass,new Date(C.reached_at),new Date)}):this.text("expected_at_end",{level:H})];return C.energy&&L.push(this.text("expected_energy",{energy:h(this.hass,C.energy,"kWh")})),L.join(", ")}#o=C=>{C.preventDefault(),this.#n()};async#n(){if(this._busy)return;let C=this.#i(),H=g3[C.command];if(H&&!await this.#l(H[0],this.text(H[1]),L1(this.hass,C.command,this.device.type)))return;this._busy=!0,this._failure=null;let{action:L,data:M}=U1(C),r=await this.#t(L,M);if(!r.ok&&this.canReplace&&O3.includes(r.failure.key)){let e=this.text("replace_text",{reason:this.#p(r.failure)});await this.#l("replace",e,this.text("replace_confirm"))&&(r=await this.#t(L,{...M,on_conflict:"cancel_and_replace"}))}this._busy=!1,r.ok?this.#m():this._failure=r.failure}#p({key:C,text:H}){let L=this.planned.map(M=>`${M.text}, ${M.when}`);return C==="action_in_the_way"&&L.length?this.text("replace_planned",{plans:L.join("; ")}):H}#t(C,H){return v1(this.hass,this.text,C,H,{device_id:this.device.id},!0)}#l(C,H,L){let{text:M,name:r}=this;return s5(this,{title:M(C,{device:r}),text:H,confirmText:L,dismissText:M("keep"),destructive:!0})}#v=C=>{C.key==="Escape"&&(C.stopPropagation(),this.#m())};#m=()=>{D1(this,"amps-close",null)}};function y3({name:V,unit:C}){return V==="power"?"power":V==="heat_setpoint"?"heat_to":V==="cool_setpoint"?"cool_to":C==="%"?"target":"temperature"}E("amps-command-form",z1);var S1="amps-device-card";function K1(V){if(typeof V!="object"||V===null)throw new Error("The configuration is not an object.");let C=V;for(let[H,L]of Object.entries({device:"string",name:"string",controls:"boolean",ribbon:"boolean"})){let M=C[H];if(M!=null&&typeof M!==L)throw new Error(`"${H}" has to be a ${L}.`)}return V}function u5(){return{schema:[{name:"device",required:!0,selector:{device:{integration:p1}}},{name:"name",selector:{text:{}}},{name:"controls",default:!0,selector:{boolean:{}}},{name:"ribbon",default:!0,selector:{boolean:{}}}],computeLabel:V=>f(document.documentElement.lang)(`editor_${V.name}`),assertConfig:K1}}function S5(V){let C=[...Y(V).values()].filter(L=>L.type!==null),H=C.find(({type:L})=>L==="battery")??C[0];return H?{device:H.id}:{}}function c5(V,C){let H=V.entities[C],L=H?.platform===p1&&H.device_id?Y(V).get(H.device_id):void 0;return L?.type?{config:{type:`custom:${S1}`,device:L.id}}:null}var h5=S`
:host {
display: block;
height: 100%;
container-type: inline-size;
}
ha-card {
height: 100%;
display: flex;
flex-direction: column;
gap: var(--amps-gap);
padding: var(--amps-gap);
overflow: hidden;
}
.in {
--accent: var(--amps-in);
}
.out {
--accent: var(--amps-out);
}
.solar {
--accent: var(--amps-solar);
}
.heat {
--accent: var(--state-climate-heat-color, #ff8100);
}
.cool {
--accent: var(--state-climate-cool-color, #2b9af9);
}
.none {
--accent: var(--amps-quiet);
}
/* What it does. */
.header {
display: grid;
grid-template-columns: auto 1fr auto;
align-items: center;
gap: 4px var(--amps-gap);
width: 100%;
border-radius: var(--ha-border-radius-md, 8px);
}
.sign {
display: grid;
place-items: center;
width: 40px;
height: 40px;
border-radius: 50%;
background: color-mix(in srgb, var(--accent) 20%, transparent);
color: var(--accent);
}
.sign svg.icon {
width: 24px;
height: 24px;
}
.names {
min-width: 0;
}
h2 {
margin: 0;
font-size: var(--ha-font-size-l, 16px);
font-weight: 500;
line-height: 1.3;
overflow-wrap: anywhere;
}
.sentence {
margin: 0;
color: var(--amps-quiet);
}
.main {
align-self: center;
border-radius: var(--ha-border-radius-md, 8px);
font-size: var(--ha-font-size-3xl, 28px);
font-variant-numeric: tabular-nums;
line-height: 1.1;
white-space: nowrap;
}
.main .unit {
margin-inline-start: -2px;
font-size: var(--ha-font-size-l, 16px);
color: var(--amps-quiet);
}
/* The level, with what is to be reached and kept. */
.level {
position: relative;
height: 12px;
margin-block: 2px;
}
.level .track {
position: absolute;
inset: 2px 0;
overflow: hidden;
border-radius: 4px;
background: var(--amps-inset);
}
.level .fill {
height: 100%;
background: var(--level-color);
}
.level .mark {
position: absolute;
inset-block: 0;
width: 3px;
margin-inline-start: -2px;
border-radius: 2px;
background: var(--amps-text);
outline: 1px solid var(--amps-card);
}
.level .mark.floor {
width: 1px;
margin-inline-start: 0;
outline: 0;
}
/* Rows of words. */
.notice {
display: grid;
grid-template-columns: auto 1fr;
gap: 2px 10px;
padding: 10px;
border-radius: var(--ha-border-radius-md, 8px);
background: var(--amps-warning-fill);
}
.notice.danger {
background: var(--amps-danger-fill);
}
.notice svg.icon {
color: var(--amps-warning);
}
.notice.danger svg.icon {
color: var(--amps-danger);
}
.notice strong {
font-weight: 500;
}
.notice p {
grid-column: 2;
margin: 0;
}
dl {
display: grid;
grid-template-columns: auto 1fr;
gap: 6px var(--amps-gap);
margin: 0;
}
dt {
color: var(--amps-quiet);
}
dd {
margin: 0;
min-width: 0;
text-align: end;
}
.stage {
display: inline-flex;
align-items: center;
gap: 4px;
color: var(--amps-quiet);
font-size: var(--ha-font-size-s, 12px);
}
.stage svg.icon {
width: 16px;
height: 16px;
}
.stage.good {
color: var(--amps-good);
}
.stage.warning {
color: var(--amps-warning);
}
.stage.danger {
color: var(--amps-danger);
}
.plans {
display: grid;
gap: 4px;
margin: 0;
padding: 0;
list-style: none;
}
.plans li {
display: grid;
grid-template-columns: auto 1fr auto;
align-items: center;
gap: 0 10px;
min-height: 44px;
padding: 4px 6px 4px 12px;
padding-inline: 12px 6px;
border: 1px solid var(--amps-line);
border-radius: var(--ha-border-radius-md, 8px);
}
.plans li.running {
border-color: var(--amps-text);
}
.plans svg.icon {
color: var(--amps-quiet);
}
/* Controls. */
.choices {
display: flex;
flex-wrap: wrap;
gap: 8px;
margin: 0;
padding: 0;
border: 0;
}
.choices .button[aria-expanded="true"] {
outline: 2px solid var(--amps-text);
outline-offset: -2px;
}
.choices .button .standing {
display: inline-flex;
}
.footer {
display: flex;
align-items: center;
justify-content: space-between;
gap: 8px;
min-height: 20px;
color: var(--amps-quiet);
font-size: var(--ha-font-size-s, 12px);
}
.footer .button {
margin-block: -10px;
margin-inline-end: -10px;
}
.error {
margin: 0;
color: var(--amps-danger);
}
/* Three densities: a tile's width, a section's, and more. */
amps-ribbon {
display: none;
}
@container (min-width: 420px) {
amps-ribbon {
display: block;
}
ha-card {
gap: var(--ha-space-4, 16px);
padding: var(--ha-space-4, 16px);
}
}
@container (max-width: 259px) {
.header {
grid-template-columns: auto 1fr;
}
.main {
justify-self: end;
font-size: var(--ha-font-size-2xl, 24px);
}
.names {
grid-column: 1 / -1;
grid-row: 2;
}
.notice p,
.last,
.facts,
.plans,
.choices,
amps-command-form {
display: none;
}
.told dt {
display: none;
}
dl.told {
grid-template-columns: 1fr;
}
dl.told dd {
text-align: start;
}
}
@media (prefers-reduced-motion: no-preference) {
.level .fill {
transition: width var(--ha-animation-duration-slow, 350ms);
}
}
`;var k3=12,O5=3e5,b3=15e3,q1=class{#C=new D;#H=new Map;#V;#L;samples(C){return this.#H.get(C)??[]}watch(C,H,L){this.#V=C;let M=this.#C.add(H,L);return this.#H.has(H)?this.#L===void 0&&this.#r(g5()):this.#r(0),()=>{M(),!(this.#C.keys.length>0)&&(clearTimeout(this.#L),this.#L=void 0)}}#r(C){clearTimeout(this.#L),this.#L=setTimeout(()=>{this.#M()},C)}async#M(){let C=this.#C.keys;if(this.#r(g5()),!(!this.#V?.config.components.includes("recorder")||document.hidden))try{let H=await this.#V.callWS({type:"recorder/statistics_during_period",start_time:new Date(Date.now()-k3*36e5).toISOString(),statistic_ids:C,period:"5minute",types:["mean"]});for(let L of C)this.#H.set(L,w3(H[L]??[]));for(let L of this.#H.keys())C.includes(L)||this.#H.delete(L);this.#C.notify(C)}catch{}}};function g5(){return O5-(Date.now()-b3)%O5}function w3(V){return V.flatMap(({start:C,end:H,mean:L})=>typeof L=="number"?[{at:(C+H)/2,value:L}]:[])}var j1=_(()=>new q1);var f5="0 -4 36 108";function r1(V,C){return(C-V)/36e5}function M1(V,C){return Math.min(Math.max(12+r1(C,V),0),36)}function y5(V,C,H){return`${M1(V,H).toFixed(2)} ${(100-Math.min(Math.max(C,0),100)).toFixed(1)}`}function k5(V,C){let H=[];for(let r of V){let e=H.at(-1),t=e?.at(-1);e&&t&&r.at-t.at<=9e5?e.push(r):H.push([r])}let L=H.map(r=>`M${r.map(({at:e,value:t})=>y5(e,t,C)).join("L")}`),M=H.flatMap((r,e)=>{let[t,i]=[r[0],r.at(-1)];return t&&i?[`${L[e]??""}L${M1(i.at,C).toFixed(2)} 104L${M1(t.at,C).toFixed(2)} 104Z`]:[]});return{line:L.join(""),area:M.join("")}}function b5(V,C){return`M${V.map(({at:H,level:L})=>y5(H,L,C)).join("L")}`}function w5(V,C){return V.filter(({start:H})=>r1(C,H)<24).map(({start:H,end:L,target:M})=>{let[r,e]=[M1(H,C),M1(L??H,C)];return{left:r/36*100,width:(e-r)/36*100,top:M===null?null:(100-M+4)/108*100}})}function B5(V){let C=new Date(V-432e5);C.setMinutes(0,0,0);let H=[];for(let L=C.getTime();L<V+24*36e5;L+=36e5){let M=12+r1(V,L),r=Math.abs(M-12)<2.5||M<1.2||M>36-1.2;new Date(L).getHours()%6===0&&!r&&H.push({at:L,left:M/36*100})}return H}var Y1=class extends v{static styles=[W,S`
:host {
min-height: 90px;
}
figure {
margin: 0;
direction: ltr;
}
.plot {
position: relative;
height: 72px;
border-radius: var(--ha-border-radius-sm, 4px);
background: color-mix(in srgb, var(--amps-inset) 45%, transparent);
overflow: hidden;
}
.plot svg {
position: absolute;
inset: 0;
width: 100%;
height: 100%;
}
.area {
fill: var(--state-sensor-battery-high-color, #4caf50);
opacity: 0.35;
}
.line,
.expected {
fill: none;
stroke: var(--amps-text);
stroke-width: 2;
stroke-linejoin: round;
vector-effect: non-scaling-stroke;
}
.expected {
stroke-dasharray: 4 4;
}
.grid {
stroke: var(--amps-line);
vector-effect: non-scaling-stroke;
}
.now {
stroke: var(--amps-text);
vector-effect: non-scaling-stroke;
}
.band {
position: absolute;
inset-block: 0;
border-inline: 2px solid var(--amps-quiet);
background: repeating-linear-gradient(
-45deg,
color-mix(in srgb, var(--amps-quiet) 35%, transparent) 0 2px,
transparent 2px 7px
);
}
.band.open {
border-inline-end: 0;
}
.aim {
position: absolute;
inset-inline: 0;
border-block-start: 2px solid var(--amps-text);
}
.scale {
position: relative;
height: 18px;
overflow: hidden;
color: var(--amps-quiet);
font-size: var(--ha-font-size-s, 12px);
font-variant-numeric: tabular-nums;
}
.scale span {
position: absolute;
inset-block-start: 2px;
translate: -50%;
white-space: nowrap;
}
.scale .now-label {
color: var(--amps-text);
font-weight: 500;
}
`];static properties={hass:{attribute:!1,hasChanged:()=>!1},device:{attribute:!1},planned:{attribute:!1},level:{type:Number},expected:{attribute:!1},now:{attribute:!1},_visible:{state:!0}};#C=new IntersectionObserver(C=>{this._visible=C.some(H=>H.isIntersecting)});#H;constructor(){super(),this.expected=[],this._visible=!1}connectedCallback(){super.connectedCallback(),this.#C.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.#C.disconnect(),this._visible=!1,this.#V()}updated(C){let H=this.device.entities.level;C.has("device")&&C.get("device")?.entities.level!==H&&this.#V(),!this._visible||H===void 0?this.#V():this.#H??=j1(this.hass).watch(this.hass,H,()=>{this.requestUpdate()})}#V(){this.#H?.(),this.#H=void 0}render(){if(!this._visible)return a`<figure>
<div class="plot"></div>
<div class="scale"></div>
</figure>`;let C=this.now.getTime(),H=this.device.entities.level,M=[...(H===void 0?[]:j1(this.hass).samples(H)).filter(({at:r})=>r<C),{at:C,value:this.level}];return a`
<figure role="img" aria-label=${this.#e(M)}>
<div class="plot">
${w5(this.planned,C).map(({left:r,width:e,top:t})=>a`<div class=${e?"band":"band open"} style="left:${r}%;width:${e}%">
${t===null||this.expected.length>1?o:a`<div class="aim" style="top:${t}%"></div>`}
</div>`)}
<svg viewBox=${f5} preserveAspectRatio="none" aria-hidden="true">
${[25,50,75].map(r=>R`<line class="grid" x1="0" x2=${36} y1=${r} y2=${r}></line>`)}
${this.#L(M,C)}
<line class="now" x1=${12} x2=${12} y1="-4" y2="104"></line>
${this.expected.length>1?R`<path class="expected" d=${b5(this.expected,C)}></path>`:o}
</svg>
</div>
<div class="scale" aria-hidden="true">${this.#r(C)}</div>
</figure>
`}#L(C,H){if(C.length<2)return o;let{area:L,line:M}=k5(C,H);return R`<path class="area" d=${L}></path><path class="line" d=${M}></path>`}#r(C){return[...B5(C).map(({at:L,left:M})=>a`<span style="left:${M}%">${Z1(this.hass,new Date(L))}</span>`),a`<span class="now-label" style="left:${12/36*100}%">${this.#M("ribbon_now")}</span>`]}get#M(){return f(this.hass.locale.language)}#e(C){let H=t=>h(this.hass,t,"%",{maximumFractionDigits:0}),[L,M]=[C[0],C.at(-1)],r=[this.#M("ribbon")];L&&M&&r1(L.at,M.at)>0?r.push(this.#M("ribbon_summary",{first:H(L.value),last:H(M.value)})):r.push(this.#M("ribbon_no_history"));let e=this.expected.at(-1);e&&this.expected.length>1&&r.push(this.#M("ribbon_summary_expected",{level:H(e.level),time:s(this.hass,new Date(e.at),this.now)}));for(let{text:t,when:i}of this.planned)r.push(`${t}, ${i}.`);return r.join(" ")}};E("amps-ribbon",Y1);function e1(V,C,H,L){let M=n(V,C,"thermostat"),r=P3(V,C,M);if(r===null)return null;let e=T3(H,r,L),t=M?F3(V,M,r):V1(V,{command:r,parameters:e?.parameters??null});return{command:r,text:t,action:e}}var B3={heat:"heat",cool:"cool",heat_cool:"auto",off:"idle"};function P3(V,C,H){if(H)return H.attributes.preset_mode==="schedule"&&p(H)?"follow_schedule":B3[H.state]??null;let L=n(V,C,"mode");if(p(L))return L.state;let M=n(V,C,"charging_enabled");return p(M)?M.state==="on"?"charge":"idle":null}function T3(V,C,H){let L=V?.effective_action;return L?.command===C&&(!L.end||new Date(L.end)>H)?L:null}function F3(V,C,H){let L=e=>typeof C.attributes[e]=="number"?V.formatEntityAttributeValue(C,e):null;if(H==="idle")return V.formatEntityState(C);let M={heat:{target:L("temperature")},cool:{target:L("temperature")},auto:{heat_setpoint:L("target_temp_low"),cool_setpoint:L("target_temp_high")}}[H],r=Object.entries(M??{}).flatMap(([e,t])=>t===null?[]:[[e,t]]);return s1(V,"command",H,r)}function T5(V,C,H,L){let M={hass:V,device:C,translate:H,now:L};return C.type===null?U3(M):R3[C.type](M)}var R3={battery:D3,ev_charger:_3,hvac:W3,solar_inverter:N3,vehicle:E3};function l({hass:V,device:C},H){return n(V,C,H)}function P({hass:V},C,H){return C?V.formatEntityState(C,H):""}function t1(V,C){return{main:p(C)?P2(V.hass,C):null,entityId:C?.entity_id}}function F5(V,C,H){let L=Z(H);return L===null||L===0||!H?C:V.translate("flow_power",{flow:C,power:P(V,H,String(Math.abs(L)))})}function D3(V){let C=l(V,"level"),H=l(V,"status"),L=l(V,"power"),M=H?.state==="charging"?"in":H?.state==="discharging"?"out":"none";return{icon:"home_battery",direction:M,...t1(V,C??L),sentence:p(H)?F5(V,P(V,H),M==="none"?void 0:L):P(V,H),level:Z(C),power:Z(L)}}function _3(V){let C=l(V,"power"),H=l(V,"status"),L=l(V,"connected"),M=H?.state==="charging"||l(V,"charging")?.state==="on",r=()=>M||!p(L)?P(V,H):V.translate(L.state==="on"?"plugged_in_not_charging":"not_plugged_in");return{icon:"ev_charger",direction:M?"in":"none",...t1(V,C??H),sentence:r(),level:null,power:Z(C)}}function E3(V){let C=l(V,"level"),H=l(V,"charging"),L=l(V,"plugged_in"),M=l(V,"full_at"),r=H?.state==="on",e=()=>{if(!r)return l(V,"fully_charged")?.state==="on"&&V.device.entities.fully_charged?V.hass.localize("component.amps.entity.binary_sensor.fully_charged.name"):p(L)?V.translate(L.state==="on"?"plugged_in_not_charging":"unplugged"):p(H)?V.translate("flow_resting"):P(V,H);let t=F5(V,V.hass.localize("component.amps.entity.binary_sensor.charging.name"),l(V,"charge_power"));return p(M)?`${t}, ${V.translate("full_at",{time:s(V.hass,new Date(M.state),V.now)})}`:t};return{icon:"vehicle",direction:r?"in":"none",...t1(V,C),sentence:e(),level:Z(C),power:Z(l(V,"charge_power"))}}function N3(V){let C=l(V,"power"),H=l(V,"status");return{icon:"solar_inverter",direction:(Z(C)??0)>0?"solar":"none",...t1(V,C),sentence:P(V,H),level:null,power:Z(C)}}var $3={heating:"heat",preheating:"heat",cooling:"cool"};function W3(V){let{hass:C}=V,H=l(V,"thermostat"),L=H?.attributes.current_temperature,M=H?.attributes.hvac_action;return{icon:"hvac",direction:typeof M=="string"&&$3[M]||"none",main:H&&typeof L=="number"?I3(C.formatEntityAttributeValue(H,"current_temperature")):null,entityId:H?.entity_id,sentence:H&&typeof M=="string"&&p(H)?C.formatEntityAttributeValue(H,"hvac_action"):P(V,H),level:null,power:null}}function I3(V){let[,C=V,H=""]=/^(.*?)[\s\u00a0]*(°\S*)$/.exec(V)??[];return{value:C,unit:H}}function U3(V){let C=["level","power","status"].map(H=>l(V,H)).find(p);return{icon:"flash",direction:"none",...t1(V,C),sentence:"",level:null,power:null}}function R5(V){let{hass:C,device:H,details:L,translate:M,now:r}=V,e=T5(C,H,M,r),t=K3(V,e);return{name:V.name??u2(C,H.id),flow:e,isAvailable:D5(V,e),notices:Q3(V,e),marks:J3(V),facts:H0(V),told:t.told,last:X3(V,t.action),planned:(L?.open_actions??[]).flatMap(i=>Y3(V,i)).sort((i,A)=>i.start-A.start),expected:(L?.expected_levels??[]).map(({at:i,level:A})=>({at:Date.parse(i),level:A})),data:V0(V),isRefreshable:H.entities.refresh!==void 0,isControllable:G3.some(i=>H.entities[i]!==void 0)}}var G3=["cancel_scheduled","charge","discharge","mode","charging_enabled"];function D5({hass:V,device:C},H){let L=H.entityId===void 0?void 0:V.states[H.entityId];return L!==void 0&&L.state!=="unavailable"&&n(V,C,"reachable")?.state!=="off"}function Q3(V,C){let{hass:H,device:L,details:M,translate:r}=V,e=[],t=n(H,L,"reachable")?.state;if(t==="off"){let A=M?.error_code?` ${W1(H,M.error_code)}.`:"";e.push(i1("unreachable","warning","unreachable",r("unreachable"),r("unreachable_text")+A))}else if(!D5(V,C)){let A=t!=="unavailable"&&t!==void 0;e.push(A?i1("unavailable","warning","clock",r("unavailable"),r("unavailable_text")):i1("not_loaded","warning","unreachable",r("not_loaded"),""))}n(H,L,"overridden")?.state==="on"&&e.push(i1("overridden","warning","overridden",r("overridden"),r("overridden_text")));let i=_5(V);if(i?.state==="failed"){let A=y(H,"logbook_failed",{command:V1(H,i)});e.push(i1("failed","danger","alert",A,i.error_code?`${W1(H,i.error_code)}.`:r("failed_unknown")))}return e}function i1(V,C,H,L,M){return{key:V,tone:C,icon:H,title:L,text:M}}function _5({hass:V,device:C,details:H}){let L=n(V,C,"last_action");if(!p(L))return null;let{command:M,reason:r}=L.attributes,e=H?.last_action??null,t=e?.command===M&&e?.state===L.state?e:null;return{command:typeof M=="string"?M:null,parameters:t?.parameters??null,state:L.state,error_code:typeof r=="string"?r:null,at:new Date(t?.updated_at??t?.created_at??L.last_changed)}}var z3={scheduled:{icon:"clock",tone:"normal"},acknowledged:{icon:"sent",tone:"normal"},completed:{icon:"check",tone:"good"},failed:{icon:"alert",tone:"danger"},cancelled:{icon:"cancelled",tone:"normal"}};function E5(V,C){return{...z3[C]??{icon:"clock",tone:"normal"},text:N2(V,C)}}function K3(V,C){let{hass:H,device:L,details:M,translate:r,now:e}=V,t=e1(H,L,M,e);if(t===null)return{told:null,action:null};let{action:i}=t,A=i?.end?` ${r("until",{time:s(H,new Date(i.end),e)})}`:"";return{told:{text:t.text+A,stage:i?.state?E5(H,i.state):null,isPending:j3(t.command,i,C,e)},action:i}}var q3=3e5;function j3(V,C,H,L){let M={charge:"in",discharge:"out"}[V],r=C?.acknowledged_at??C?.created_at;if(M===void 0||!r||L.getTime()-Date.parse(r)>q3)return!1;let e=C?.parameters?.target?.value,t=e!==void 0&&H.level!==null&&(V==="charge"?H.level>=e:H.level<=e);return H.direction!==M&&!t}function X3(V,C){let{hass:H,details:L,now:M}=V,r=_5(V);if(r===null||r.state==="failed"||r.state===null)return null;let e=C!==null&&C.id===L?.last_action?.id,t=r.state==="scheduled"&&L!==null;return e||t?null:{text:`${V1(H,r)}, ${N1(H,r.at,M)}`,stage:E5(H,r.state)}}function Y3({hass:V,now:C},H){if(!H.start)return[];let L=new Date(H.start),M=H.end?new Date(H.end):null;return(M??L)<=C?[]:[{id:H.id,text:_2(V,H),when:M?R2(V,L,M,C):s(V,L,C),isRunning:L<=C,isCancellable:H.state==="scheduled"&&L>C,start:L.getTime(),end:M?.getTime()??null,target:N5(H)}]}function N5({parameters:V}){let C=V?.target;return C?.unit==="percent"?C.value:null}function J3({hass:V,device:C,details:H,now:L}){let M=[],r=(e,t)=>{let i=n(V,C,t);if(!p(i)||!Number.isFinite(Number(i.state)))return;let A=V.localize(`component.amps.entity.${i.entity_id.split(".",1)[0]??""}.${t}.name`);M.push({kind:e,value:Number(i.state),label:`${A}: ${V.formatEntityState(i)}`})};if(C.type==="battery"){r("floor","discharge_floor");let e=e1(V,C,H,L)?.action,t=e?N5(e):null;t!==null&&M.push({kind:"target",value:t,label:y(V,"parameter_target",{value:$1(V,t,"percent")})})}return C.type==="vehicle"&&r("limit","charge_limit"),M}var C0={vehicle:["range","charge_limit"],solar_inverter:["energy"],ev_charger:["max_charge_rate","energy"]};function H0({hass:V,device:C}){return(C.type?C0[C.type]??[]:[]).flatMap(H=>{let L=n(V,C,H);if(!p(L))return[];let M=L.entity_id.split(".",1)[0]??"";return[{label:V.localize(`component.amps.entity.${M}.${H}.name`),value:V.formatEntityState(L)}]})}function V0(V){let{hass:C,device:H,details:L,translate:M}=V,r=n(C,H,"data_source"),e=n(C,H,"last_pulled"),t=[];return p(r)?t.push(C.formatEntityState(r)):L?.data_source==="projection"&&t.push(M("simulated")),p(e)&&t.push(L0(V,new Date(e.state))),t.join(" · ")}function L0({hass:V,translate:C,now:H},L){return H.getTime()-L.getTime()<6e4?C("read_just_now"):C("read_at",{age:N1(V,L,H)})}var M0=["action","last_action","reachable","mode","charging_enabled","thermostat"],C2=class extends u1{static styles=[W,h5];static properties={preview:{type:Boolean},layout:{},_config:{state:!0},_open:{state:!0},_failure:{state:!0},_busy:{state:!0}};static getConfigForm(){return u5()}static getStubConfig(C){return S5(C)}#C=[];constructor(){super(),this.preview=!1,this._open=null,this._failure=null,this._busy=!1}setConfig(C){this._config=K1(C)}getCardSize(){return 5}getGridOptions(){return{columns:12,rows:"auto",min_columns:6}}connectedCallback(){super.connectedCallback(),this.#C.push(S2(()=>{this.requestUpdate()})),this.#V()}disconnectedCallback(){super.disconnectedCallback();for(let C of this.#C.splice(0))C();this.#H=void 0}shownDevices(C){let H=this.#L(C);return H?[H]:[]}hassChanged(C,H){let L=this.#L(H);if(!L||!C||!this.isConnected)return;(C.connected!==H.connected||C.entities!==H.entities||M0.some(r=>n(C,L,r)!==n(H,L,r)))&&X(H).refresh(H,L.id)}updated(C){super.updated(C),this.#V()}#H;#V(){let{hass:C}=this,H=this._config?.device;if(!C||!H||!this.isConnected||this.#H===H)return;this.#H=H;let L=X(C);this.#C.push(L.watch(H,()=>{this.requestUpdate()})),L.refresh(C,H)}#L(C){let H=this._config?.device;return H===void 0?void 0:Y(C).get(H)}render(){let{hass:C}=this;if(!C||!this._config)return o;let H=this.#L(C);if(!H)return this.#r();let L=X(C).get(H.id),M=new Date,r=R5({hass:C,device:H,details:L,translate:this.text,now:M,name:this._config.name});return a`
<ha-card class=${r.isAvailable?r.flow.direction:"none"}>
${this.#M(r)} ${r.notices.map(r0)} ${this.#e(r)}
${r.facts.length?a`<dl class="facts">
${r.facts.map(({label:e,value:t})=>a`<dt>${e}</dt>
<dd>${t}</dd>`)}
</dl>`:o}
${this._config.ribbon!==!1&&r.flow.level!==null?a`<amps-ribbon
.hass=${C}
.device=${H}
.planned=${r.planned}
.level=${r.flow.level}
.expected=${r.expected}
.now=${M}
></amps-ribbon>`:o}
${this.#i(r)} ${this.#A(C,H,L,r)} ${this.#n(r)}
</ha-card>
`}#r(){let C=this.text(this._config?.device?"device_gone":"no_device");return a`<ha-card class="none"
><div class="notice">
<strong>${x("home")}</strong>
<p>${C}</p>
</div></ha-card
>`}#M({name:C,flow:H,isAvailable:L,marks:M}){let r=L?H.main:null,e=L?H.level:null;return a`
<div class="header">
<span class="sign">${x(H.icon)}</span>
<div class="names">
<h2>${C}</h2>
<p class="sentence">${L?H.sentence:this.text("unavailable")}</p>
</div>
${r&&H.entityId?a`<button
class="main"
aria-label=${`${C}: ${r.value} ${r.unit}`}
@click=${()=>{O2(this,H.entityId??"")}}
>
${r.value}${r.unit?a`<span class="unit"> ${r.unit}</span>`:o}
</button>`:o}
</div>
${e===null?o:o0(e,M)}
`}#e({told:C,last:H,isAvailable:L}){return!L||!C&&!H?o:a`<dl class="told">
${C?a`<dt>${this.text("told")}</dt>
<dd>
<div>${C.text}</div>
${C.isPending?J1({icon:"waiting",tone:"warning",text:this.text("waiting_for_device")}):C.stage?J1(C.stage):o}
</dd>`:o}
${H?a`<dt class="last">${this.text("last")}</dt>
<dd class="last">
<div>${H.text}</div>
${J1(H.stage)}
</dd>`:o}
</dl>`}#i({planned:C,isControllable:H}){return C.length===0?o:a`<ul class="plans">
${C.map(L=>this.#a(L,H))}
</ul>`}#a(C,H){return a`<li class=${C.isRunning?"running":""}>
${x(C.isRunning?"clock":"calendar")}
<div>
<div>${C.text}</div>
<div class="quiet small">${C.isRunning?`${this.text("in_progress")}, `:""}${C.when}</div>
</div>
${C.isCancellable&&H&&this._config?.controls!==!1?a`<button
class="button plain"
aria-disabled=${this._busy?"true":"false"}
aria-label=${this.text("cancel_plan_of",{plan:`${C.text}, ${C.when}`})}
@click=${()=>this.#t("amps.cancel_action",{action_id:C.id},{})}
>
${this.text("cancel_plan")}
</button>`:o}
</li>`}#A(C,H,L,M){if(!L||!M.isControllable||!M.isAvailable||this._config?.controls===!1)return this.#o();let r=Z5(C,H,L),e=r.find(({command:i})=>i===this._open),t=e1(C,H,L,new Date)?.command;return a`
<div class="choices" role="group" aria-label=${this.text("controls")}>
${r.map(i=>this.#d(C,H.type,i,i.command===t,i===e))}
</div>
${e?a`<amps-command-form
.hass=${C}
.device=${H}
.command=${e}
.planned=${M.planned}
.canReplace=${L.conflict_strategies.includes("cancel_and_replace")}
.text=${this.text}
.name=${M.name}
@amps-close=${this.#p}
></amps-command-form>`:o}
${this.#o()}
`}#d(C,H,{command:L,icon:M},r,e){return a`<button
class="button"
aria-expanded=${e?"true":"false"}
aria-current=${r?"true":o}
data-command=${L}
@click=${()=>{this._open=e?null:L}}
>
${x(r?"check":M)}${L1(C,L,H)}
</button>`}#o(){return this._failure?a`<p class="error" role="alert">${this._failure.text}</p>`:o}#n({data:C,isRefreshable:H}){return!C&&!H?o:a`<div class="footer">
<span>${C}</span>
${H?a`<button
class="button plain round"
aria-disabled=${this._busy?"true":"false"}
aria-label=${this.text("refresh")}
title=${this.text("refresh")}
@click=${()=>this.#t("amps.refresh",{},{device_id:this._config?.device??""})}
>
${x("refresh")}
</button>`:o}
</div>`}#p=()=>{let C=this._open;this._open=null,C!==null&&this.updateComplete.then(()=>{this.renderRoot.querySelector(`[data-command="${C}"]`)?.focus()})};async#t(C,H,L){let{hass:M}=this;if(!M||this._busy)return;this._busy=!0,this._failure=null;let r=await v1(M,this.text,C,H,L);this._busy=!1,r.ok||(this._failure=r.failure),this._config?.device&&X(M).refresh(M,this._config.device)}};function r0({tone:V,icon:C,title:H,text:L}){return a`<div class="notice ${V}" role="status">
${x(C)}<strong>${H}</strong>${L?a`<p>${L}</p>`:o}
</div>`}function J1({icon:V,tone:C,text:H}){return a`<span class="stage ${C}">${x(V)}${H}</span>`}var e0=20,t0=40;function i0(V){return`var(--state-sensor-battery-${V<e0?"low":V<t0?"medium":"high"}-color, #4caf50)`}function o0(V,C){return a`<div class="level" style="--level-color:${i0(V)}" aria-hidden="true">
<div class="track"><div class="fill" style="width:${V}%"></div></div>
${C.map(({kind:H,value:L,label:M})=>a`<span class="mark ${H}" style="inset-inline-start:${L}%" title=${M}></span>`)}
</div>`}E(S1,C2);b2({type:S1,name:"device_card_name",description:"device_card_description",preview:!0,documentationURL:k2,getEntitySuggestion:c5});x1(document.documentElement.lang);
/*! Bundled license information:

@lit/reactive-element/css-tag.js:
  (**
   * @license
   * Copyright 2019 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

@lit/reactive-element/reactive-element.js:
lit-html/lit-html.js:
lit-element/lit-element.js:
  (**
   * @license
   * Copyright 2017 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)

lit-html/is-server.js:
  (**
   * @license
   * Copyright 2022 Google LLC
   * SPDX-License-Identifier: BSD-3-Clause
   *)
*/
